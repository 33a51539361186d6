package movement_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
)

var (
	value = fxdate.NewDate(2026, 11, 26)
	noon  = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
)

// bank has an account of every client in EUR and USD, named after both. Client N nets.
type bank struct{}

func (bank) AccountOf(client, currency, preferred string) (string, error) {
	switch {
	case preferred == client+"-"+currency+"-2":
		return preferred, nil
	case currency == "EUR" || currency == "USD":
		return client + "-" + currency, nil
	case currency == "XXX":
		return "", errUnknown
	}
	return "", nil
}

func (bank) Nets(client string) (bool, error) {
	if client == "?" {
		return false, errUnknown
	}
	return client == "N", nil
}

var errUnknown = errors.New("not known now")

func leg(number int, client, base, baseAmount, quote, quoteAmount string) *obligation.Obligation {
	return &obligation.Obligation{
		Ref: obligation.Ref{TradeID: strconv.Itoa(number), Version: 1, Leg: 1},
		Terms: obligation.Terms{
			Client: client, ValueDate: value, Window: obligation.Window{From: noon, NotAfter: noon.Add(time.Duration(number) * time.Hour)},
			Base:  ledger.Flow{Currency: base, Amount: decimal.RequireFromString(baseAmount)},
			Quote: ledger.Flow{Currency: quote, Amount: decimal.RequireFromString(quoteAmount)},
		},
	}
}

func TestALegWithoutAnAgreementHasAMovementOfItsOwn(t *testing.T) {
	groups := movement.Plan([]*obligation.Obligation{
		leg(2, "C", "EUR", "-5", "JPY", "800"), leg(1, "C", "EUR", "100", "USD", "-111.72"),
	}, bank{})
	if len(groups) != 2 || groups[0].Legs[0].TradeID != "1" || groups[0].Netted {
		t.Fatalf("%+v", groups)
	}
	want := []string{"EUR 100 C-EUR", "USD -111.72 C-USD"}
	if diff := cmp.Diff(want, texts(groups[0])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"EUR -5 C-EUR", "JPY 800 "}, texts(groups[1])); diff != "" {
		t.Errorf("a currency without an account goes through the nostro: %s", diff)
	}
}

func TestTheAccountOfTheTradeIsPreferredInItsCurrency(t *testing.T) {
	one := leg(1, "C", "EUR", "100", "USD", "-111.72")
	one.Account = "C-USD-2"
	if diff := cmp.Diff([]string{"EUR 100 C-EUR", "USD -111.72 C-USD-2"}, texts(movement.Plan([]*obligation.Obligation{one}, bank{})[0])); diff != "" {
		t.Error(diff)
	}
}

func TestAnAgreementNetsEachCurrencyOfAValueDate(t *testing.T) {
	other := leg(4, "N", "EUR", "1", "USD", "-1")
	other.ValueDate++
	groups := movement.Plan([]*obligation.Obligation{
		leg(1, "N", "EUR", "100", "USD", "-111.72"), leg(2, "N", "EUR", "-60", "USD", "67"), leg(3, "N", "EUR", "-40", "JPY", "6400"), other,
	}, bank{})
	if len(groups) != 2 || len(groups[0].Legs) != 3 || !groups[0].Netted {
		t.Fatalf("%+v", groups)
	}
	if diff := cmp.Diff([]string{"JPY 6400 ", "USD -44.72 N-USD"}, texts(groups[0])); diff != "" {
		t.Errorf("EUR nets to zero: %s", diff)
	}
	if got := groups[0].NotAfter(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("not after %s", got)
	}
}

func TestAGroupWhosePaymentsAreNotKnownSaysWhy(t *testing.T) {
	groups := movement.Plan([]*obligation.Obligation{
		leg(1, "C", "EUR", "1", "USD", "-1"), leg(2, "C", "EUR", "1", "XXX", "-1"), leg(3, "?", "EUR", "1", "USD", "-1"),
		leg(4, "N", "EUR", "1", "USD", "-1"), leg(5, "N", "EUR", "1", "XXX", "-1"),
	}, bank{})
	var faults []bool
	for _, g := range groups {
		faults = append(faults, errors.Is(g.Fault, errUnknown))
	}
	if diff := cmp.Diff([]bool{false, true, true, true}, faults); diff != "" || len(groups[3].Legs) != 2 {
		t.Error(diff)
	}
}

func TestALegOfATradeThatIsNotBookedLeavesItsNettingSet(t *testing.T) {
	refused := leg(2, "N", "EUR", "1", "USD", "-1")
	refused.BookingRefused = "NOACCT"
	groups := movement.Plan([]*obligation.Obligation{leg(1, "N", "EUR", "1", "USD", "-1"), refused, leg(3, "N", "EUR", "1", "USD", "-1")}, bank{})
	if len(groups) != 2 || len(groups[0].Legs) != 2 || groups[1].Legs[0] != refused || groups[1].Netted {
		t.Errorf("%+v", groups)
	}
}

// The last leg of a page may wait, or have a movement of its own. The set of its client and date is cut all the same.
// A leg that is not booked makes its client's set due and then has a movement of its own. What is left of the set waits for its own time.
func TestWhatIsLeftOfASetWaitsForItsOwnTime(t *testing.T) {
	due := func(from time.Duration) *obligation.Obligation {
		return &obligation.Obligation{Terms: obligation.Terms{Window: obligation.Window{From: noon.Add(from), NotAfter: noon.Add(24 * time.Hour)}}}
	}
	for _, c := range []struct {
		name string
		legs []*obligation.Obligation
		due  bool
	}{
		{"one is due", []*obligation.Obligation{due(time.Hour), due(0)}, true},
		{"none is due", []*obligation.Obligation{due(time.Hour), due(time.Second)}, false},
	} {
		if got := (movement.Group{Legs: c.legs, Netted: true}).Due(noon); got != c.due {
			t.Errorf("%s: due is %v", c.name, got)
		}
	}
}

func TestASetIsCutWhateverThePagesLastLegIs(t *testing.T) {
	for name, change := range map[string]func(*obligation.Obligation){
		"in the set":           func(*obligation.Obligation) {},
		"not booked":           func(o *obligation.Obligation) { o.Unbooked = true },
		"booking refused":      func(o *obligation.Obligation) { o.BookingRefused = "NOACCT" },
		"an earlier one waits": func(o *obligation.Obligation) { o.Former = obligation.Instructed },
	} {
		last := leg(4, "N", "EUR", "1", "USD", "-1")
		change(last)
		legs := []*obligation.Obligation{leg(1, "C", "EUR", "1", "USD", "-1"), leg(2, "N", "EUR", "1", "USD", "-1"), leg(3, "N", "EUR", "1", "USD", "-1"), last}
		if got := movement.Cut(movement.Plan(legs, bank{}), last); len(got) != 1 || got[0].Legs[0] != legs[0] {
			t.Errorf("%s: %+v", name, got)
		}
	}
	alone := leg(2, "N", "EUR", "1", "USD", "-1")
	alone.Unbooked = true
	if got := movement.Cut(movement.Plan([]*obligation.Obligation{leg(1, "C", "EUR", "1", "USD", "-1"), alone}, bank{}), alone); len(got) != 2 {
		t.Errorf("without a set on the page: %+v", got)
	}
}

// Order never matters, every leg is in one group, and the groups pay exactly what the legs exchange.
func TestPlansPayWhatTheLegsExchange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var legs []*obligation.Obligation
		for i := range rapid.IntRange(0, 12).Draw(t, "legs") {
			sign := rapid.SampledFrom([]int64{1, -1}).Draw(t, "side")
			o := leg(i, rapid.SampledFrom([]string{"N", "C"}).Draw(t, "client"), "EUR", "1", rapid.SampledFrom([]string{"USD", "JPY"}).Draw(t, "quote"), "1")
			o.Base.Amount = decimal.New(sign*rapid.Int64Range(1, 3).Draw(t, "base"), 0)
			o.Quote.Amount = decimal.New(-sign*rapid.Int64Range(1, 300).Draw(t, "quoted"), 0)
			legs = append(legs, o)
		}
		plan := movement.Plan(legs, bank{})
		shuffled := slices.Clone(legs)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(plan, movement.Plan(shuffled, bank{})); diff != "" {
			t.Fatalf("in another order: %s", diff)
		}
		sums, count := map[string]decimal.Decimal{}, 0
		for _, g := range plan {
			count += len(g.Legs)
			for _, p := range g.Payments {
				sums[g.Legs[0].Client+p.Currency] = sums[g.Legs[0].Client+p.Currency].Add(p.Amount)
			}
		}
		for _, o := range legs {
			for _, flow := range []ledger.Flow{o.Base, o.Quote} {
				sums[o.Client+flow.Currency] = sums[o.Client+flow.Currency].Sub(flow.Amount)
			}
		}
		for what, rest := range sums {
			if !rest.IsZero() {
				t.Errorf("%s: %s too much", what, rest)
			}
		}
		if count != len(legs) {
			t.Errorf("%d legs of %d", count, len(legs))
		}
	})
}

func texts(g movement.Group) []string {
	all := make([]string, 0, len(g.Payments))
	for _, p := range g.Payments {
		all = append(all, p.Currency+" "+p.Amount.String()+" "+p.Account)
	}
	return all
}

// The whole table: what each answer or command does in each state.
func TestEveryStateAndAction(t *testing.T) {
	states := []movement.State{movement.Requested, movement.Made, movement.Refused, movement.Overdue, movement.ByHand, movement.Withdrawn}
	actions := map[string]func(*movement.Movement) error{
		"made":    func(m *movement.Movement) error { _, err := m.Make("R2", noon, noon); return err },
		"refused": func(m *movement.Movement) error { m.Refuse(1, "NOFUNDS", "no funds", noon); return nil },
		"expire":  func(m *movement.Movement) error { m.Expire(noon.Add(2 * time.Hour)); return nil },
		"retry":   func(m *movement.Movement) error { return m.Retry("U1", "funded", noon.Add(time.Hour), noon) },
		"by hand": func(m *movement.Movement) error { return m.SettleByHand("U1", "paid by cheque", "CH1", noon) },
		"found":   func(m *movement.Movement) error { return m.Found("U1", "read it", "R3", noon) },
	}
	const twice, no = "moved twice", "not allowed"
	want := map[string][]string{ // in the order of states
		"made":    {"made", twice, "made", "made", twice, twice},
		"refused": {"refused", "made", "refused", "refused", "by_hand", "withdrawn"},
		"expire":  {"overdue", "made", "refused", "overdue", "by_hand", "withdrawn"},
		"retry":   {no, no, "requested", "requested", no, no},
		"by hand": {no, no, "by_hand", no, no, no},
		"found":   {no, no, no, no, no, no},
	}
	for name, act := range actions {
		for i, state := range states {
			m := &movement.Movement{ID: "m", State: state, Attempt: 1, NotAfter: noon.Add(time.Hour), Answer: movement.Answer{Reference: "R1"}, By: "U0"}
			before := *m
			err := act(m)
			got := string(m.State)
			switch {
			case errors.Is(err, movement.ErrMovedTwice):
				got = twice
			case errors.Is(err, movement.ErrNotAllowed):
				got = no
			}
			if got != want[name][i] {
				t.Errorf("%s a movement that is %s: %s, want %s", name, state, got, want[name][i])
			}
			if diff := cmp.Diff(before, *m); err != nil && diff != "" {
				t.Errorf("%s a movement that is %s changed it: %s", name, state, diff)
			}
		}
	}
}

// The mainframe has the movement with other content, so it may have moved the money: nobody settles it by hand before reading there.
func TestAConflictIsTriedAgainOrFoundAndNeverSettledByHand(t *testing.T) {
	in := func() *movement.Movement {
		m := &movement.Movement{ID: "m", State: movement.Requested, Attempt: 2}
		m.Refuse(2, movement.Conflict, "other content", noon)
		return m
	}
	if err := in().SettleByHand("U1", "why", "CH1", noon); !errors.Is(err, movement.ErrNotAllowed) {
		t.Errorf("by hand: %v", err)
	}
	if m := in(); m.Untouched() || m.Retry("U1", "why", noon, noon) != nil || m.State != movement.Requested || m.Attempt != 3 {
		t.Errorf("tried again: %+v", m)
	}
	if m := in(); m.Found("U1", "it is on the statement", "M7", noon) != nil || m.State != movement.Made || m.Answer.Reference != "M7" || m.By != "U1" {
		t.Errorf("found: %+v", m)
	}
}

func TestTheMainframesRecordBoundsTheAttempts(t *testing.T) {
	m := &movement.Movement{ID: "m", State: movement.Refused, Attempt: 999}
	if err := m.Retry("U1", "why", noon, noon); !errors.Is(err, movement.ErrNotAllowed) || m.Attempt != 999 {
		t.Errorf("attempt %d, %v", m.Attempt, err)
	}
}

func TestTheSameAnswerTwiceChangesNothing(t *testing.T) {
	m := &movement.Movement{ID: "m", State: movement.Requested, Attempt: 2}
	if changed := m.Refuse(1, "NOFUNDS", "", noon); changed || m.State != movement.Requested {
		t.Error("a refusal of the first attempt counts for the second")
	}
	for i := range 2 {
		if changed, err := m.Make("R1", noon, noon); err != nil || changed != (i == 0) {
			t.Errorf("answer %d: %v, %v", i+1, changed, err)
		}
	}
}
