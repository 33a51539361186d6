package directory

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"fxcore/lambda/mirror"
)

// accounts are the clients' accounts at the mainframe. A row that cannot be read makes its client doubtful: nobody may take another
// account, or the nostro account, for the one that the row names.
type accounts struct {
	byClient map[string][]account // by client, by id
	doubtful map[string]bool      // clients of whom a row is bad
	anyone   bool                 // whether there is a bad row of which nobody knows the client
}

type account struct{ id, currency string }

// Errors of AccountOf and Nets: what the static data lack, until the row is right.
var (
	ErrDoubtful  = errors.New("a row of the client's cannot be read")
	ErrNoAccount = errors.New("not in the static data")
)

// of returns a client's account in a currency: the preferred one if it is in that currency, otherwise the client's first one. It is
// empty if the client has none, which can only be known if every row can be read. Errors: ErrDoubtful, ErrNoAccount.
func (a accounts) of(client, currency, preferred string) (string, error) {
	first, known := "", preferred == ""
	for _, one := range a.byClient[client] {
		known = known || one.id == preferred
		switch {
		case one.currency != currency:
		case one.id == preferred:
			return one.id, nil
		case first == "":
			first = one.id
		}
	}
	switch {
	case a.doubtful[client], first == "" && a.anyone:
		return "", fmt.Errorf("accounts of client %s: %w", client, ErrDoubtful)
	case !known:
		return "", fmt.Errorf("account %s, which a trade of client %s names, is %w", preferred, client, ErrNoAccount)
	case len(a.byClient[client]) == 0:
		return "", fmt.Errorf("any account of client %s is %w", client, ErrNoAccount)
	}
	return first, nil
}

func decodeAccounts(records map[string][]byte) (accounts, error) {
	type record struct {
		Client   string `json:"client"`
		Currency string `json:"currency"`
		Bad      bool   `json:"bad"` // the mainframe's row could not be read but for its client
	}
	all := accounts{byClient: make(map[string][]account)}
	err := mirror.Decode(records, func(id string, r record) error {
		if r.Client == "" || r.Currency == "" || r.Bad {
			return errors.New("an account has a client and a currency")
		}
		all.byClient[r.Client] = append(all.byClient[r.Client], account{id, r.Currency})
		return nil
	})
	for _, own := range all.byClient {
		slices.SortFunc(own, func(a, b account) int { return cmp.Compare(a.id, b.id) })
	}
	all.doubtful, all.anyone = doubtful(records, err)
	return all, err
}

// doubtful returns the clients of the bad records, and whether there is a bad record of which nobody knows the client.
func doubtful(records map[string][]byte, err error) (clients map[string]bool, anyone bool) {
	clients = map[string]bool{}
	var bad *mirror.BadRecordsError
	if !errors.As(err, &bad) {
		return clients, false
	}
	for id := range bad.Faults {
		var r struct {
			Client string `json:"client"`
		}
		if json.Unmarshal(records[id], &r) != nil || r.Client == "" {
			anyone = true
			continue
		}
		clients[r.Client] = true
	}
	return clients, anyone
}
