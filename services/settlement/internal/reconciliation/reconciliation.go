// Package reconciliation compares what the mainframe says that it moved on a day with what settlement knows. It only finds
// differences; a person resolves them. The package is pure.
package reconciliation

import (
	"cmp"
	"slices"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/movement"
)

// Moved is a movement as one side knows it.
type Moved struct {
	ID        string
	Reference string
	Lines     []movement.Line
	State     movement.State // only on our side
}

// Kind says how a movement differs.
type Kind string

// The kinds.
const (
	Missing    Kind = "missing"    // we hold it for made, and the mainframe has not moved it
	Extra      Kind = "extra"      // the mainframe has moved what we never asked for
	Unanswered Kind = "unanswered" // the mainframe has moved it, and we have no such answer
	Different  Kind = "different"  // other accounts, amounts or another reference
)

// Difference is a movement about which the two sides disagree. The side that does not know it is nil.
type Difference struct {
	Kind         Kind
	Ours, Theirs *Moved
}

// Compare returns how a movement of the statement differs from ours, and false if it does not. ours is nil if we do not know it.
func Compare(ours *Moved, theirs Moved) (Difference, bool) {
	d := Difference{Ours: ours, Theirs: &theirs}
	switch {
	case ours == nil:
		d.Kind = Extra
	case ours.State != movement.Made:
		d.Kind = Unanswered
	case ours.Reference != theirs.Reference || !sameLines(ours.Lines, theirs.Lines):
		d.Kind = Different
	default:
		return Difference{}, false
	}
	return d, true
}

// sameLines compares lines whatever their order.
func sameLines(a, b []movement.Line) bool {
	if len(a) != len(b) {
		return false
	}
	a, b = sorted(a), sorted(b)
	return slices.EqualFunc(a, b, func(x, y movement.Line) bool { return compare(x, y) == 0 })
}

func sorted(lines []movement.Line) []movement.Line {
	return slices.SortedFunc(slices.Values(lines), compare)
}

func compare(a, b movement.Line) int {
	return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), a.Amount.Cmp(b.Amount))
}

// Run is a comparison with the statement of one day.
type Run struct {
	Day         fxdate.Date
	Attempt     int
	Compared    int // how many movements of the statement are compared: the position of the next one
	Differences int
	Finished    bool
	AsOf        time.Time // of the mainframe's clock, of the last page
}

// Page is a part of a statement.
type Page struct {
	First, Next, Total int // positions in the day
	Movements          []Moved
	AsOf               time.Time
}

// Last reports whether nothing of the statement comes after the page.
func (p Page) Last() bool { return p.First+len(p.Movements) >= p.Total }

// Ends reports whether the page is the last one of what was asked for.
func (p Page) Ends() bool { return p.First+len(p.Movements) >= p.Next }
