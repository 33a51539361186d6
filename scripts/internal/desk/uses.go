package desk

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
)

// Checks says what a desk does with its line checks. Without it, a desk consumes or cancels each as a whole.
type Checks struct {
	Parts   bool                   // it consumes and cancels parts
	Named   bool                   // its trades name the check that they use, it reverses consumptions, and it deals for the client with a netting agreement
	None    bool                   // it makes none, nor reports: it only asks for trades
	Quotes  bool                   // it checks lines for spot deals, too, and has spot orders on the bank's quotes
	Short   bool                   // it reserves for a second now and then, and consumes too late
	Foreign func() (Request, bool) // returns an approved check of another provider, if there is one; nil if there never is
}

// Shares in per cent.
const (
	busyShare    = 25 // of all requests: steps with reservations
	plainShare   = 40 // of the reservations: consumed or cancelled as a whole
	nettedShare  = 4  // of the deals
	foreignShare = 1  // of all requests
	shortShare   = 20 // of the reservations
)

// The client with a netting agreement has a small line.
const (
	nettedClient = "C000906"
	nettedPairs  = 3
	nettedStep   = 1_000
	nettedSteps  = 20
)

const (
	shortLife = time.Second
	lateBy    = 500 * time.Millisecond
)

// Use tells the desk what to do with its line checks.
func (d *Desk) Use(c Checks) { d.checks = c }

// Lapsed tells the desk of a reservation that has expired. The desk tries to use it nevertheless.
func (d *Desk) Lapsed(check Request) {
	d.plan(planned{check: check, steps: d.one(latePlans), late: true})
}

// takeUp returns the reservation that the desk turns to now; false if it does something else.
func (d *Desk) takeUp(now time.Time) (p planned, yes bool) {
	share := checkShare
	if d.checks.Parts {
		share = busyShare
	}
	if len(d.reserved) == 0 {
		return p, false
	}
	p = d.reserved[0]
	if urgent := len(p.steps) > 0 && p.steps[0].atOnce; !urgent && !d.chance(share) {
		return p, false
	}
	d.reserved = d.reserved[1:]
	if !p.late && !d.sameDay(p.check.Time, now) {
		return p, false
	}
	if now.Before(p.due) {
		d.plan(p)
		return p, false
	}
	return p, true
}

// sameDay tells whether two times have one trade date. A reference is good for one trade date: on the next one it names nothing, or
// something else.
func (d *Desk) sameDay(a, b time.Time) bool {
	return d.rollover.TradeDate(a) == d.rollover.TradeDate(b)
}

// next makes the request of the next step.
func (d *Desk) next(p planned, now time.Time) (Request, error) {
	if len(p.steps) == 0 {
		return d.resolve(p.check, now), nil
	}
	s := p.steps[0]
	if p.deal == "" && (s.names || s.deal) {
		p.deal = d.reference()
	}
	if p.steps = p.steps[1:]; len(p.steps) > 0 {
		d.plan(p)
	}
	r := Request{
		Kind: s.kind, Time: now, Client: p.check.Client, Amount: part(p.check.Amount, s.thirds), Doubtful: s.doubtful,
	}
	if r.Reference = p.deal; !s.deal {
		r.Reference = d.reference()
	}
	if s.kind != Order && s.kind != Report {
		r.Target, r.Currency = p.check.Reference, p.check.Currency
		d.nameDeal(&r, s, p.deal)
		return r, nil
	}
	r.Pair, r.Currency, r.Buy, r.Near, r.Free = p.check.Pair, p.check.Currency, p.check.Buy, p.check.Near, s.free
	if !s.unnamed {
		d.name(&r, p.check)
	}
	if err := d.outright(&r); err != nil {
		return r, err
	}
	return r, d.onQuote(&r)
}

// nameDeal has a consumption name the deal for which it is, or what is another provider's.
func (d *Desk) nameDeal(r *Request, s step, deal string) {
	if s.names {
		r.For = deal
	}
	if !s.theirs || d.checks.Foreign == nil {
		return
	}
	if theirs, yes := d.checks.Foreign(); yes {
		r.For, r.ForID, r.Flawed = theirs.ID, true, true
	}
}

// name has a trade name a line check: by its reference, or by the bank's id.
func (d *Desk) name(r *Request, check Request) {
	r.Uses = check.Reference
	if check.ID != "" && (check.Reference == "" || d.chance(50)) {
		r.Uses, r.UsesID = check.ID, true
	}
}

// part returns so many thirds of an amount, in whole units; empty for none.
func part(amount string, thirds int) string {
	whole, err := decimal.NewFromString(amount)
	switch {
	case thirds == 0 || err != nil:
		return ""
	case thirds == 3:
		return amount
	}
	return whole.Mul(decimal.NewFromInt(int64(thirds))).Div(decimal.NewFromInt(3)).Floor().String()
}

// outright sets the rate of a deal for its settlement.
func (d *Desk) outright(r *Request) (err error) {
	i := slices.IndexFunc(d.pairs, func(p demo.Pair) bool { return p.Name == r.Pair })
	if i < 0 {
		return fmt.Errorf("price %s: the bank does not deal it", r.Pair)
	}
	days := 0
	for _, p := range periods {
		if p.settlement == r.Near.Settlement {
			days = p.days
		}
	}
	r.Near.Rate, err = d.rate(d.pairs[i], r.Time, days, r.Buy)
	return err
}

// steal names another provider's check in an order, which the core must reject, or in a report, which it must grant without the
// check; false if there is none to name.
func (d *Desk) steal(now time.Time) (r Request, yes bool, err error) {
	if d.checks.Foreign == nil || !d.chance(foreignShare) {
		return r, false, nil
	}
	check, yes := d.checks.Foreign()
	if !yes {
		return r, false, nil
	}
	check.Reference = ""
	kind := []Kind{Order, Report}[d.random.IntN(2)]
	r, err = d.next(planned{check: check, steps: []step{{kind: kind, thirds: 3}}}, now)
	r.Flawed = kind == Order
	return r, true, err
}

// forNetted makes a deal one of the client with the netting agreement, now and then.
func (d *Desk) forNetted(r *Request, pair *demo.Pair) {
	if !d.checks.Named || !d.chance(nettedShare) {
		return
	}
	*pair = d.pairs[d.random.IntN(nettedPairs)]
	r.Client, r.Pair, r.Currency = nettedClient, pair.Name, pair.Base()
	r.Amount = strconv.Itoa(nettedStep * (1 + d.random.IntN(nettedSteps)))
}
