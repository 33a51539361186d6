package line

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
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

	// FactLife is the life of the reservation of a trade that was done elsewhere. It ends with the trade's registration or rejection,
	// however late that is. The bound frees what a message that is lost would leave; by then an operator has looked for it.
	FactLife = 30 * 24 * time.Hour
)

// Terms are what a line was asked for. A later request about the reservation is compared with them.
type Terms struct {
	Pair      string // in its conventional order
	Currency  string // of Amount: one of the pair's
	Side      Side   // of Currency, seen from the client
	Amount    decimal.Decimal
	ValueDate fxdate.Date // the last one
	Netted    bool        // the client has a netting agreement: see [Set]
}

// BaseSide returns the side of the pair's base currency.
func (t Terms) BaseSide() Side {
	if base, _, _ := strings.Cut(t.Pair, "/"); t.Currency == base {
		return t.Side
	}
	return t.Side.opposite()
}

// Reservation is one exposure, reserved or consumed, on every node of a path. Only its state, its parts and its settled
// legs ever change.
type Reservation struct {
	ID          string // id of the trade or line check, so a repeated request means the same reservation
	Kind        Kind
	Provider    string
	Path        Path
	Terms       Terms
	Exposure    decimal.Decimal // of the whole amount
	Settlements []Settlement    // of the whole amount, one per leg
	Settled     Legs            // those that use no settlement limit any more
	Exchange    Exchange        // of the whole amount, of the last leg; only if the deal is netted
	Swap        Swap            // of the whole amount; only of a netted swap
	Open, Taken decimal.Decimal // parts of the amount: still open, and consumed; nobody uses the rest any more
	State       State
	Closed      bool // the provider cancelled all that was open, or stayed away: nothing is open again
	ExpiresAt   time.Time
	From        Source    // the line check whose reservation a trade took over
	Earmarks    []Earmark // parts of Taken that are kept for trades that have not come yet; by trade
	Record      Record
}

// Legs marks legs of a trade: near, and far if it is a swap.
type Legs [2]bool

// Source names a line check, and the part of its amount that a trade took over, in the check's currency. It is empty for a
// trade that names no check.
type Source struct {
	ID    string
	Part  decimal.Decimal
	Taken decimal.Decimal // of Part: what the check had consumed; the rest was open
}

// Open returns what was open of the part.
func (s Source) Open() decimal.Decimal { return s.Part.Sub(s.Taken) }

// Record is the part of the answer that a repeated request must get again: the basis of the decision and the standing
// of the nodes, as JSON. This package does not read it.
type Record struct {
	Basis, Nodes []byte
}

// Due reports whether the reservation is still open at its expiry or later.
func (r Reservation) Due(now time.Time) bool { return r.State == Reserved && !now.Before(r.ExpiresAt) }

// Used returns the exposure of the parts.
func (r Reservation) Used() Usage {
	return Usage{Reserved: r.share(r.Exposure, r.Open), Consumed: r.share(r.Exposure, r.Taken)}
}

// deals returns what the parts are of something of the whole amount. What a line check has consumed counts as open where deals are
// netted: it is the provider's word alone, can be reversed, and so must offset nothing. Only a trade that is done offsets others.
func (r Reservation) deals(whole Sum) Deals {
	d := Deals{Open: r.part(whole, r.Open), Done: r.part(whole, r.Taken)}
	if r.Kind == ForCheck && r.Terms.Netted {
		return Deals{Open: d.all()}
	}
	return d
}

// part returns the share of a sum that belongs to a part of the amount.
func (r Reservation) part(whole Sum, part decimal.Decimal) Sum {
	return Sum{r.share(whole.Exposure, part), Exchange{r.share(whole.Base, part), r.share(whole.Quote, part), r.share(whole.Value, part)}}
}

// Receivables returns the settlements of the parts. That of a settled leg is zero.
func (r Reservation) Receivables() []Settlement {
	list := make([]Settlement, len(r.Settlements))
	for i, s := range r.Settlements {
		list[i].ValueDate = s.ValueDate
		if i >= len(r.Settled) || !r.Settled[i] {
			list[i].Amount = r.share(s.Amount, r.Open.Add(r.Taken))
		}
	}
	return list
}

// Covers returns the exposure and the settlements of a deal that takes a part of the amount over: the share of the part, or what
// the deal needs by itself where that is more.
func (r Reservation) Covers(part, exposure decimal.Decimal, settlements []Settlement) (decimal.Decimal, []Settlement) {
	due := make([]Settlement, 0, len(r.Settlements))
	for _, s := range r.Settlements {
		due = append(due, Settlement{s.ValueDate, r.share(s.Amount, part)})
	}
	for _, s := range settlements {
		i := slices.IndexFunc(due, func(d Settlement) bool { return d.ValueDate.Equal(s.ValueDate) })
		if i < 0 {
			due = append(due, s)
			continue
		}
		due[i].Amount = decimal.Max(due[i].Amount, s.Amount)
	}
	return decimal.Max(r.share(r.Exposure, part), exposure), due
}

// share returns the share of a figure of the whole amount that belongs to a part of it, rounded up to the minor unit.
func (r Reservation) share(whole, part decimal.Decimal) decimal.Decimal {
	switch {
	case part.IsZero():
		return decimal.Zero
	case part.Equal(r.Terms.Amount):
		return whole
	}
	return quotient(whole.Mul(part), r.Terms.Amount) // as share_of in the database
}

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
