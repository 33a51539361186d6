package line

import (
	"time"

	"github.com/shopspring/decimal"
)

// Kind says whether a reservation was made for a trade or by a line check.
type Kind string

// The kinds. A provider can consume or cancel only reservations of its own line checks.
const (
	ForTrade Kind = "trade"
	ForCheck Kind = "check"
)

// The bounds of a reservation's life.
const (
	DefaultLife = time.Minute      // if the request names no expiry
	MaxLife     = 10 * time.Minute // the longest life on request, because prices change
)

// Reservation is one exposure, reserved or consumed, on every node of a path. Only its state ever changes.
type Reservation struct {
	ID          string // id of the trade or line check, so a repeated request means the same reservation
	Kind        Kind
	Provider    string
	Path        Path
	Exposure    decimal.Decimal
	Settlements []Settlement // one per leg
	State       State
	ExpiresAt   time.Time
	Record      Record
}

// Record is the part of the answer that a repeated request must get again: the basis of the decision and the standing
// of the nodes, as JSON. This package does not read it.
type Record struct {
	Basis, Nodes []byte
}

// Due reports whether the reservation is still open at its expiry or later.
func (r Reservation) Due(now time.Time) bool { return r.State == Reserved && !now.Before(r.ExpiresAt) }

// Expiry returns the expiry of a reservation made at now. It is wanted, but at most [MaxLife] after now; a zero wanted
// means [DefaultLife] after now.
func Expiry(now, wanted time.Time) time.Time {
	if wanted.IsZero() {
		return now.Add(DefaultLife)
	}
	if latest := now.Add(MaxLife); wanted.After(latest) {
		return latest
	}
	return wanted
}
