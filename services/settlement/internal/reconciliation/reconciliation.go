// Package reconciliation compares what the mainframe says that it moved on a day with what settlement knows. It only finds
// differences; a person resolves them. The package is pure.
package reconciliation

import (
	"cmp"
	"slices"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
)

// Moved is a movement as one side knows it.
type Moved struct {
	ID        string
	Reference string
	Client    string
	ValueDate string // YYYY-MM-DD
	Lines     []movement.Line
	State     movement.State // only on our side
	Early     bool           // only on our side: made before its value date, and booked when that date begins
}

// Kind says how a movement differs.
type Kind string

// The kinds.
const (
	Missing    Kind = "missing"    // we hold it for made, and the mainframe has not moved it
	Extra      Kind = "extra"      // the mainframe has moved what we never asked for
	Unanswered Kind = "unanswered" // the mainframe has moved it, and we have no such answer
	Different  Kind = "different"  // other accounts, amounts, client, value date or reference
	Repeated   Kind = "repeated"   // the statement has it once more: the mainframe moved the money twice
	Unbooked   Kind = "unbooked"   // both sides agree, and the ledger's entries are not what was moved
)

// Difference is a movement about which the two sides disagree. The side that does not know it is nil.
type Difference struct {
	Kind         Kind
	Ours, Theirs *Moved
	Position     int // on the statement, from 1; 0 if it is not there
}

// Compare returns how a movement of the statement differs from ours, and false if it does not. ours is nil if we do not know it.
func Compare(ours *Moved, theirs Moved) (Difference, bool) {
	d := Difference{Ours: ours, Theirs: &theirs}
	switch {
	case ours == nil:
		d.Kind = Extra
	case ours.State != movement.Made:
		d.Kind = Unanswered
	case ours.Reference != theirs.Reference || ours.Client != theirs.Client || ours.ValueDate != theirs.ValueDate || !sameLines(ours.Lines, theirs.Lines):
		d.Kind = Different
	default:
		return Difference{}, false
	}
	return d, true
}

// Books compares a movement of the statement with the entries by which our ledger holds it for paid, and returns false if they
// agree: each line has one entry of its currency and amount, and an entry of a client's account has the line's direction. A
// movement that is early has no entries yet.
func Books(booked []ledger.Transfer, ours *Moved, theirs Moved) (Difference, bool) {
	rest := slices.Clone(theirs.Lines)
	if ours != nil && ours.Early {
		rest = nil
	}
	for _, entry := range booked {
		i := slices.IndexFunc(rest, func(l movement.Line) bool { return pays(l, entry) })
		if i < 0 {
			return Difference{Kind: Unbooked, Ours: ours, Theirs: &theirs}, true
		}
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) > 0 {
		return Difference{Kind: Unbooked, Ours: ours, Theirs: &theirs}, true
	}
	return Difference{}, false
}

func pays(l movement.Line, entry ledger.Transfer) bool {
	if l.Currency != entry.Currency || !l.Amount.Equal(entry.Amount) {
		return false
	}
	from, leaves := entry.From.AccountID()
	to, enters := entry.To.AccountID()
	return (!leaves || from == l.From) && (!enters || to == l.To)
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
	Attempt     int // of the day, from 1
	Compared    int // how many movements of the statement are compared: the position of the next one
	Total       int // how many the statement has
	Differences int
	AtEnd       bool          // every page has come
	Complete    bool          // the mainframe's day was over then
	Finished    bool          // what the statement lacks is listed, too; or another run has taken its place
	AsOf        time.Time     // of the mainframe's clock, of the last page
	Silence     time.Duration // how long no page has come
}

// Page is a part of a statement.
type Page struct {
	First, Next, Total int  // positions in the day
	Complete           bool // the mainframe's day was over, so that nothing can be added
	Movements          []Moved
	AsOf               time.Time
}

// Last reports whether nothing of the statement comes after the page.
func (p Page) Last() bool { return p.First+len(p.Movements) >= p.Total }

// Ends reports whether the page is the last one of what was asked for.
func (p Page) Ends() bool { return p.First+len(p.Movements) >= p.Next }
