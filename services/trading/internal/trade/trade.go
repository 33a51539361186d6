package trade

import (
	"fmt"
	"time"
)

// Ref names one version of a trade. A trade's first version is 1.
type Ref struct {
	ID      string // a UUID; the gateway derives it from the request
	Version int
}

// firstVersion is the version of a trade that has just been registered.
const firstVersion = 1

// Trade is one version of a registered trade.
type Trade struct {
	Ref
	Terms
	RegisteredAt time.Time
	Life         Life
}

// Register returns version 1 of a trade with the given terms. Error: ErrInvalidTerms.
func Register(id string, terms Terms, at time.Time) (Trade, error) {
	if id == "" || terms.Provider == "" || terms.Reference == "" || terms.Client == "" {
		return Trade{}, fmt.Errorf("%w: trade %q of provider %q, reference %q, client %q lacks a name",
			ErrInvalidTerms, id, terms.Provider, terms.Reference, terms.Client)
	}
	if err := CheckLegs(terms.Product, terms.Legs); err != nil {
		return Trade{}, err
	}
	return Trade{
		Ref:          Ref{ID: id, Version: firstVersion},
		Terms:        terms,
		RegisteredAt: at,
		Life:         Life{Status: Registered, Legs: terms.Product.Legs()},
	}, nil
}
