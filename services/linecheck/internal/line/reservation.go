package line

import (
	"time"

	"github.com/shopspring/decimal"
)

// Kind tells what a reservation was made for.
type Kind string

// The kinds. A provider can consume or cancel only what it reserved by a check.
const (
	ForTrade Kind = "trade"
	ForCheck Kind = "check"
)

// Bounds of how long a reservation lasts.
const (
	DefaultLife = time.Minute      // where nobody asks for less or more
	MaxLife     = 10 * time.Minute // whatever is asked for: a promise must not outlive its price
)

// Reservation is one exposure, promised or taken, on every node of a path. Only its state ever changes.
type Reservation struct {
	ID          string // chosen by whoever asks, so that asking again is the same reservation
	Kind        Kind
	Provider    string
	Path        Path
	Exposure    decimal.Decimal
	Settlements []Settlement // one per leg
	State       State
	ExpiresAt   time.Time
	Record      Record
}

// Record is what the reservation's answer said, kept word for word: the basis of the decision and the nodes' standing.
// It is opaque here.
type Record struct {
	Basis, Nodes []byte
}

// Due tells whether the reservation has outlived its time without being resolved.
func (r Reservation) Due(now time.Time) bool { return r.State == Reserved && !now.Before(r.ExpiresAt) }

// Expiry is when a reservation made at now ends: at wanted if that is given and within bounds, else after [DefaultLife].
func Expiry(now, wanted time.Time) time.Time {
	if wanted.IsZero() {
		return now.Add(DefaultLife)
	}
	if latest := now.Add(MaxLife); wanted.After(latest) {
		return latest
	}
	return wanted
}
