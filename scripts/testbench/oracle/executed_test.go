package oracle_test

import (
	"slices"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// executed is a sound run whose spot trade and whose swap are settled, each leg by a movement of its own. The report waits.
func executed(e *oracle.Evidence) {
	settle(e)
	e.Trades[0].Status, e.Trades[1].Status = "executed", "executed"
	e.Owed = []oracle.Obligation{
		leg("T1", 1, "settled", "M1", true), leg("T2", 1, "settled", "M2", false), leg("T2", 2, "settled", "M3", false), leg("T3", 1, "open", "", true),
	}
	back := &e.Owed[2]
	back.ValueDate, back.BaseAmount, back.QuoteAmount = "2026-12-02", dec("-99909.17"), dec("110000")
	back.From, back.Until = back.From.AddDate(0, 0, 7), back.Until.AddDate(0, 0, 7)
	for i, o := range e.Owed[:3] {
		m := moved(o, []string{"R1", "R2", "R3"}[i])
		e.Moved = append(e.Moved, m)
		m.State, m.Until = "made", o.Until
		e.Movements = append(e.Movements, m)
	}
	contracts(e)
	e.Books = []oracle.Balance{
		book("client/C1", "EUR", "2026-11-25", "100000"), book("client/C1", "USD", "2026-11-25", "-110000"),
		book("desk/FXS1", "EUR", "2026-11-25", "-300000"), book("desk/FXS1", "USD", "2026-11-25", "330000"),
		book("account/C1-EUR", "EUR", "2026-11-25", "200000"), book("account/C1-USD", "USD", "2026-11-25", "-220000"),
		book("desk/FXS1", "EUR", "2026-12-02", "99909.17"), book("desk/FXS1", "USD", "2026-12-02", "-110000"),
		book("account/C1-EUR", "EUR", "2026-12-02", "-99909.17"), book("account/C1-USD", "USD", "2026-12-02", "110000"),
	}
	e.Compared = []oracle.Comparison{{Day: "2026-11-25", Finished: true}}
}

// contracts are the legs of all other trades: another desk's, and not in the books yet.
func contracts(e *oracle.Evidence) {
	for _, t := range e.Trades[3:] {
		o := leg(t.ID, 1, "open", "", false)
		o.Client, o.Desk, o.ValueDate, o.Base, o.Quote = t.Client, "FXS2", t.Legs[0].ValueDate, t.Base, t.Quote
		o.BaseAmount, o.QuoteAmount = t.Legs[0].BaseAmount, t.Legs[0].QuoteAmount.Neg()
		if t.Legs[0].BaseSide == "sell" {
			o.BaseAmount, o.QuoteAmount = o.BaseAmount.Neg(), o.QuoteAmount.Neg()
		}
		e.Owed = append(e.Owed, o)
	}
}

func book(name, currency, date, amount string) oracle.Balance {
	return oracle.Balance{Book: name, Currency: currency, ValueDate: date, Amount: dec(amount)}
}

func leg(trade string, number int, state, movement string, atOnce bool) oracle.Obligation {
	return oracle.Obligation{
		SettledLeg: oracle.SettledLeg{TradeID: trade, Leg: number}, State: state, Movement: movement, Client: "C1", Desk: "FXS1",
		ValueDate: "2026-11-25", Base: "EUR", Quote: "USD", BaseAmount: dec("100000"), QuoteAmount: dec("-110000"),
		From: time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC), AtOnce: atOnce,
	}
}

// moved is the movement of one leg.
func moved(o oracle.Obligation, reference string) oracle.Movement {
	m := oracle.Movement{ID: o.Movement, Client: o.Client, ValueDate: o.ValueDate, Reference: reference, At: o.From.Add(time.Hour)}
	for currency, amount := range map[string]string{"EUR": o.BaseAmount.String(), "USD": o.QuoteAmount.String()} {
		p := oracle.Payment{Currency: currency, Amount: dec(amount).Abs(), From: "FXSETTLE-" + currency, To: "C1-" + currency}
		if dec(amount).IsNegative() {
			p.From, p.To = p.To, p.From
		}
		m.Payments = append(m.Payments, p)
	}
	return m
}

var spoiledSettlements = []fault{
	{"a leg that settlement does not keep", "legs owed", "T3", true, func(e *oracle.Evidence) { drop(&e.Owed, 3) }},
	{"a leg of no trade", "legs owed", "T9", false, func(e *oracle.Evidence) { e.Owed[3].TradeID = "T9" }},
	{"a leg with another amount", "legs owed", "T3", false, func(e *oracle.Evidence) { e.Owed[3].QuoteAmount = dec("-110000.01") }},
	{"a leg on another date", "legs owed", "T3", false, func(e *oracle.Evidence) { e.Owed[3].ValueDate = "2026-11-26" }},
	{"moved twice", "executed once", "M1", false, func(e *oracle.Evidence) { e.Moved = append(e.Moved, e.Moved[0]) }},
	{"moved for no leg", "executed once", "M9", true, func(e *oracle.Evidence) {
		m := e.Moved[0]
		m.ID = "M9"
		e.Moved = append(e.Moved, m)
	}},
	{"settled, and not moved", "executed once", "T1", false, func(e *oracle.Evidence) { drop(&e.Moved, 0) }},
	{"less moved than was dealt", "executed once", "M2", false, func(e *oracle.Evidence) { e.Moved[1].Payments[0].Amount = dec("1") }},
	{"moved the other way", "executed once", "M2", false, func(e *oracle.Evidence) {
		p := &e.Moved[1].Payments[0]
		p.From, p.To = p.To, p.From
	}},
	{"moved before its date", "executed on its date", "T1", false, func(e *oracle.Evidence) { e.Moved[0].At = e.Owed[0].From.Add(-time.Minute) }},
	{"moved after its cut-off", "executed on its date", "T1", false, func(e *oracle.Evidence) { e.Moved[0].At = e.Owed[0].Until.Add(time.Minute) }},
	{"moved for another date", "executed on its date", "T1", false, func(e *oracle.Evidence) { e.Moved[0].ValueDate = "2026-11-26" }},
	{"hours of another date", "executed on its date", "T1", false, func(e *oracle.Evidence) {
		o := &e.Owed[0]
		o.From, o.Until = o.From.AddDate(0, 0, -13), o.Until.AddDate(0, 0, -13)
		e.Moved[0].At = o.From
	}},
	{"forgotten", "nothing forgotten", "T3", true, func(e *oracle.Evidence) { e.At = e.Owed[3].Until.Add(time.Hour) }},
	{"settled, and not executed", "executed is settled", "T1", true, func(e *oracle.Evidence) { e.Trades[0].Status = "booked" }},
	{"executed, and not settled", "executed is settled", "T3", false, func(e *oracle.Evidence) { e.Trades[2].Status = "executed" }},
	{"books that do not add up", "books sum to zero", "USD 2026-12-02", false, func(e *oracle.Evidence) { e.Books[9].Amount = dec("110000.01") }},
	{"a client's book that nothing explains", "books are owed", "client/C1 EUR 2026-11-25", false, func(e *oracle.Evidence) {
		e.Books[0].Amount, e.Books[2].Amount = dec("100001"), dec("-300001")
	}},
	{"an account's book that nothing explains", "books are moved", "C1-EUR EUR", true, func(e *oracle.Evidence) {
		e.Books[4].Amount, e.Books[2].Amount = dec("200001"), dec("-300001")
	}},
	{"made, and not known to settlement as made", "reconciled", "M1", true, func(e *oracle.Evidence) { e.Movements[0].State = "requested" }},
	{"held for made, and not made", "reconciled", "M1", false, func(e *oracle.Evidence) { drop(&e.Moved, 0) }},
	{"made, and not known to settlement", "reconciled", "M1", true, func(e *oracle.Evidence) { drop(&e.Movements, 0) }},
	{"another reference", "reconciled", "M1", false, func(e *oracle.Evidence) { e.Movements[0].Reference = "R9" }},
	{"no answer, long after the cut-off", "reconciled", "M1", true, func(e *oracle.Evidence) {
		e.Movements[0].State = "requested"
		e.Movements[0].Until = e.At.Add(-time.Hour)
		drop(&e.Moved, 0)
	}},
	{"a difference to the statement", "statements agree", "2026-11-25", false, func(e *oracle.Evidence) { e.Compared[0].Differences = 1 }},
	{"a statement not compared", "statements agree", "2026-11-25", true, func(e *oracle.Evidence) { e.Compared[0].Finished = false }},
}

// after makes the spoiled run one whose trades were settled.
func after(all []fault, first func(*oracle.Evidence)) []fault {
	made := make([]fault, len(all))
	for i, f := range all {
		spoil := f.spoil
		f.spoil = func(e *oracle.Evidence) {
			first(e)
			spoil(e)
		}
		made[i] = f
	}
	return made
}

func TestWhatIsExecutedIsCounted(t *testing.T) {
	for name, c := range map[string]struct {
		change func(e *oracle.Evidence)
		want   oracle.Settlement
	}{
		"all in time":          {func(*oracle.Evidence) {}, oracle.Settlement{Executed: 3, Open: 1}},
		"one twice":            {func(e *oracle.Evidence) { e.Moved = append(e.Moved, e.Moved[0]) }, oracle.Settlement{Executed: 3, Twice: 1, Open: 1}},
		"one that is unknown":  {func(e *oracle.Evidence) { e.Owed[0].Movement = "" }, oracle.Settlement{Executed: 2, Twice: 1, Open: 2}},
		"one forgotten":        {func(e *oracle.Evidence) { e.At = e.Owed[3].Until.Add(time.Hour) }, oracle.Settlement{Executed: 3, NotExecuted: 1}},
		"one that has failed":  {func(e *oracle.Evidence) { e.Owed[3].State = "failed" }, oracle.Settlement{Executed: 3, NotExecuted: 1, Failed: 1}},
		"one that was netted":  {func(e *oracle.Evidence) { e.Movements[0].Payments = nil; drop(&e.Moved, 0) }, oracle.Settlement{Executed: 3, Open: 1}},
		"settled, and not yet": {func(e *oracle.Evidence) { drop(&e.Moved, 0); e.At = e.Owed[0].Until.Add(time.Hour) }, oracle.Settlement{Executed: 2, NotExecuted: 2}},
	} {
		e := sound()
		executed(&e)
		e.Owed = e.Owed[:4] // without the contracts
		c.change(&e)
		if got := e.Count(); got != c.want {
			t.Errorf("%s: want %+v, got %+v", name, c.want, got)
		}
	}
}

// Whoever knows the calendars tells the hours exactly.
func TestTheHoursOfADateAreJudged(t *testing.T) {
	e := sound()
	executed(&e)
	e.Owed = e.Owed[:2]
	hours := func(string, string) (from, until time.Time, err error) { return e.Owed[0].From, e.Owed[0].Until, nil }
	if found := oracle.Judge(e, oracle.PaidWithin(hours)...); len(found) > 0 {
		t.Errorf("the right hours: %v", found)
	}
	e.Owed[1].Until = e.Owed[1].Until.Add(time.Minute)
	if found := oracle.Judge(e, oracle.PaidWithin(hours)...); len(found) != 1 || found[0].ID != "T2" {
		t.Errorf("a minute too long: %v", found)
	}
}

// A desk's books are balanced if another desk has what it dealt, contracts included.
func TestBooksAreBalanced(t *testing.T) {
	e := sound()
	executed(&e)
	flat := oracle.Flat("USD", "FXS1")
	found := oracle.Judge(e, flat...)
	if len(found) != 2 || found[0].ID != "desk/FXS1 EUR 2026-11-25" || found[1].ID != "desk/FXS1 EUR 2026-12-02" {
		t.Errorf("not balanced: %v", found)
	}
	e.Books = append(e.Books, book("desk/FXS1", "EUR", "2026-11-25", "300000"), book("desk/FXT1", "EUR", "2026-11-25", "-300000"),
		book("desk/FXS1", "EUR", "2026-12-02", "-99909.17"), book("desk/FXT1", "EUR", "2026-12-02", "99909.17"))
	if found := oracle.Judge(e, flat...); len(found) > 0 {
		t.Errorf("balanced: %v", found)
	}
	contract := leg("T4", 1, "open", "", false)
	e.Owed = append(e.Owed, contract)
	if found := oracle.Judge(e, flat...); len(found) != 1 {
		t.Errorf("a contract that is not balanced: %v", found)
	}
}

// What was moved before its value date is in the books, and settled, when that date begins.
func TestAnEarlyMovementWaitsForItsDate(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		at    string // in Frankfurt
		rules []string
	}{
		"the evening before":             {"instructed", "2026-11-24T23:00:00+01:00", nil},
		"settled the evening before":     {"settled", "2026-11-24T23:00:00+01:00", []string{"executed on its date"}},
		"not settled when the date came": {"instructed", "2026-11-25T00:03:00+01:00", []string{"books are moved", "nothing forgotten"}},
	} {
		var e oracle.Evidence
		begun, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		e.At = begun
		o := leg("T1", 1, c.state, "M1", true)
		o.From, o.Until = begun.AddDate(0, 0, -2), begun.Add(-time.Hour)
		m := moved(o, "R1")
		m.At = o.From
		e.Owed, e.Moved = []oracle.Obligation{o}, []oracle.Movement{m}
		m.State, m.Early, m.Until = "made", true, o.Until
		e.Movements = []oracle.Movement{m}
		var found []string
		for _, v := range oracle.Judge(e, oracle.Rules()...) {
			if slices.Contains([]string{"executed on its date", "books are moved", "nothing forgotten"}, v.Rule) {
				found = append(found, v.Rule)
			}
		}
		slices.Sort(found)
		if !slices.Equal(slices.Compact(found), c.rules) {
			t.Errorf("%s: %v, want %v", name, found, c.rules)
		}
	}
}

// A netting set is moved from when its first leg is due until its first cut-off.
func TestLegsThatAreNettedAreMovedTogether(t *testing.T) {
	first, second := leg("T1", 1, "settled", "M1", true), leg("T3", 1, "settled", "M1", true)
	first.From, first.Until = first.From.Add(-6*time.Hour), first.Until.Add(-6*time.Hour)
	for name, c := range map[string]struct {
		at    time.Time
		wrong bool
	}{
		"before the first is due":  {first.From.Add(-time.Second), true},
		"before the second is due": {first.From, false},
		"at the first cut-off":     {first.Until, false},
		"at the second cut-off":    {second.Until, true},
	} {
		m := moved(first, "R1")
		m.At = c.at
		e := oracle.Evidence{At: second.Until.Add(time.Hour), Owed: []oracle.Obligation{first, second}, Moved: []oracle.Movement{m}}
		found := oracle.Judge(e, oracle.Rules()...)
		if got := slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Rule == "executed on its date" }); got != c.wrong {
			t.Errorf("%s: %v", name, found)
		}
	}
}
