package action_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

// sequences is how many random sequences of actions are tried.
const sequences = 100_000

// TestAnySequenceOfActionsKeepsWhatHistorySays draws actions of several people who act on what they saw, which may have ended since: repeated,
// late, contradicting each other. After each sequence the sums that were kept by deltas are those of the versions that are alive, and the
// history is readable from both ends.
func TestAnySequenceOfActionsKeepsWhatHistorySays(t *testing.T) {
	n := sequences
	if testing.Short() {
		n /= 100
	}
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	done := make([]atomic.Int64, len(action.Kinds())) // how often each kind took place
	for w := range workers {
		all.Go(func() {
			for seed := w; seed < n && !t.Failed(); seed += workers {
				if err := tryout(uint64(seed), done); err != nil {
					t.Errorf("sequence %d: %v", seed, err)
				}
			}
		})
	}
	all.Wait()
	for i, kind := range action.Kinds() {
		if done[i].Load() == 0 {
			t.Errorf("no sequence has a %s", kind)
		}
	}
}

func tryout(seed uint64, done []atomic.Int64) error {
	draw := rand.New(rand.NewPCG(seed, 17)) //nolint:gosec // not a secret
	b := open(draw)
	for range 2 + draw.IntN(5) {
		before := b.sums()
		kind := b.draws.IntN(len(action.Kinds()))
		change, keeps, err := b.draw(action.Kinds()[kind])
		if err != nil {
			continue // refused: nothing has happened
		}
		done[kind].Add(1)
		b.apply(change)
		if keeps && !same(before, b.sums()) {
			return fmt.Errorf("a split or a join has changed what is owed: %v, then %v", before, b.sums())
		}
	}
	return b.check()
}

// place is where amounts add up: what one client receives of a currency on a date.
type place struct {
	client, currency string
	date             fxdate.Date
}

// book is a history in memory: all versions that ever were, and the sums of those that are alive, kept by deltas.
type book struct {
	draws *rand.Rand
	all   map[trade.Ref]*entry
	order []trade.Ref // in which they began
	owed  map[place]decimal.Decimal
	cash  map[place]decimal.Decimal
	next  int
}

type entry struct {
	action.Subject
	parents, children []trade.Ref
}

func open(draws *rand.Rand) *book {
	b := &book{draws: draws, all: map[trade.Ref]*entry{}, owed: map[place]decimal.Decimal{}, cash: map[place]decimal.Decimal{}}
	product := products[draws.IntN(len(products))]
	for range 1 + draws.IntN(3) {
		s := of(product)
		s.ID = b.id()
		for i := range s.Legs {
			amount := decimal.New(1+draws.Int64N(1_000_000), -2)
			s.Legs[i].BaseAmount, s.Legs[i].QuoteAmount = amount, amount.Mul(s.Legs[i].Rate).Round(2)
			if !s.Legs[i].QuoteAmount.IsPositive() {
				s.Legs[i].QuoteAmount = dec("0.01")
			}
		}
		b.begin(s, nil)
	}
	return b
}

func (b *book) id() string {
	b.next++
	return fmt.Sprint("t", b.next)
}

// draw draws an action on versions of any state. keeps tells that it must not change any sum.
func (b *book) draw(kind action.Kind) (change action.Change, keeps bool, err error) {
	s := b.any()
	switch kind {
	case action.Join:
		change, err = action.Joining(b.id(), []action.Subject{s, b.any(), b.any()}[:2+b.draws.IntN(2)])
		return change, true, err
	case action.Split:
		change, err = action.Splitting(s, b.parts(s), cents)
		return change, true, err
	case action.Extend, action.RollBack:
		r := extension()
		r.Kind, r.Leg, r.To = kind, 1+b.draws.IntN(2), near.AddDays(b.draws.IntN(200)-50)
		r.Basis = []action.Basis{action.AtMarket, action.AtHistoric}[b.draws.IntN(2)]
		change, err = action.Rolling(s, b.id(), r)
	case action.PreSettle, action.TakeUp:
		d := drawing()
		d.Kind, d.Leg, d.On, d.Window = kind, 1+b.draws.IntN(2), near.AddDays(b.draws.IntN(90)), action.Window{From: near, To: far}
		d.Amount = decimal.New(b.draws.Int64N(500_000), -2)
		d.Charge, d.DrawnID, d.RestID = []action.Charge{action.InRate, action.InCash}[b.draws.IntN(2)], b.id(), b.id()
		change, err = action.Draws(s, d)
	case action.Amend, action.Rebook:
		after := s.Terms
		after.Account = fmt.Sprint("account ", b.draws.IntN(3))
		if kind == action.Rebook {
			after.Client = fmt.Sprint("client ", b.draws.IntN(3))
		}
		change, _, err = action.Correcting(s, after, b.id())
	case action.Delete:
		change, err = action.Deleting(s)
	}
	return change, false, err
}

// any returns a version that somebody saw, alive or not; sometimes one on which a payment has begun or another action is under way.
func (b *book) any() action.Subject {
	s := b.all[b.order[b.draws.IntN(len(b.order))]].Subject
	if b.draws.IntN(10) == 0 {
		s.PaymentBegun, s.UnderWay = b.draws.IntN(2) == 0, b.draws.IntN(2) == 0
	}
	return s
}

func (b *book) parts(s action.Subject) []action.Part {
	rest, n := s.Legs[0].BaseAmount, 2+b.draws.IntN(3)
	all := make([]action.Part, n)
	for i := range n - 1 {
		all[i] = action.Part{ID: b.id(), Amount: rest.Mul(decimal.New(b.draws.Int64N(100), -2)).Round(2)}
		rest = rest.Sub(all[i].Amount)
	}
	all[n-1] = action.Part{ID: b.id(), Amount: rest}
	return all
}

// apply applies a change by deltas.
func (b *book) apply(c action.Change) {
	for _, e := range c.Ends {
		b.all[e.Ref].Life.Status = e.As
		b.add(b.all[e.Ref].Terms, decimal.NewFromInt(-1))
	}
	for _, begun := range c.Begins {
		b.begin(action.Subject{Trade: trade.Trade{Ref: begun.Ref, Terms: begun.Terms, Life: trade.Life{Status: trade.Booked, Legs: len(begun.Terms.Legs)}}}, begun.Parents)
		for _, parent := range begun.Parents {
			b.all[parent].children = append(b.all[parent].children, begun.Ref)
		}
	}
	for _, c := range c.Cash {
		at := place{currency: c.Currency, date: c.ValueDate}
		b.cash[at] = b.cash[at].Add(c.Amount)
	}
}

func (b *book) begin(s action.Subject, parents []trade.Ref) {
	b.all[s.Ref] = &entry{Subject: s, parents: parents}
	b.order = append(b.order, s.Ref)
	b.add(s.Terms, decimal.NewFromInt(1))
}

// add adds what a client receives by a trade, times a sign.
func (b *book) add(t trade.Terms, sign decimal.Decimal) { addTo(b.owed, t, sign) }

func addTo(sums map[place]decimal.Decimal, t trade.Terms, sign decimal.Decimal) {
	for _, leg := range t.Legs {
		base := sign
		if leg.BaseSide == trade.Sell {
			base = sign.Neg()
		}
		for currency, amount := range map[string]decimal.Decimal{leg.Base: leg.BaseAmount.Mul(base), leg.Quote: leg.QuoteAmount.Mul(base.Neg())} {
			at := place{t.Client, currency, leg.ValueDate}
			if sums[at] = sums[at].Add(amount); sums[at].IsZero() {
				delete(sums, at)
			}
		}
	}
}

// sums recomputes what is owed from the versions that are alive.
func (b *book) sums() map[place]decimal.Decimal {
	sums := map[place]decimal.Decimal{}
	for _, e := range b.all {
		if e.Life.Status == trade.Booked {
			addTo(sums, e.Terms, decimal.NewFromInt(1))
		}
	}
	return sums
}

func same(a, b map[place]decimal.Decimal) bool {
	for at, amount := range a {
		if !amount.Equal(b[at]) {
			return false
		}
	}
	return len(a) == len(b)
}

// check returns an error unless sums and links are right: what is superseded has children, what is deleted or alive has none, and each child names
// the parent that names it.
func (b *book) check() error {
	if !same(b.owed, b.sums()) {
		return fmt.Errorf("kept %v, recomputed %v", b.owed, b.sums())
	}
	for ref, e := range b.all {
		if err := trade.CheckLegs(e.Product, e.Legs); err != nil {
			return fmt.Errorf("%v: %w", ref, err)
		}
		if (e.Life.Status == trade.Superseded) != (len(e.children) > 0) {
			return fmt.Errorf("%v is %s and has the children %v", ref, e.Life.Status, e.children)
		}
		for _, parent := range e.parents {
			if b.all[parent] == nil || b.all[parent].Life.Status != trade.Superseded {
				return fmt.Errorf("%v comes from %v, which has not ended", ref, parent)
			}
		}
	}
	return nil
}
