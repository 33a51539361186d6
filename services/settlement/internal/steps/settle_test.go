package steps_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/steps"
)

func TestASpotMovesBetweenTheBooksAtOnceAndAForwardOnItsDate(t *testing.T) {
	c := newCore(t)
	forward := spot("2", "C000003", "-50", "56")
	forward.product = "forward"
	c.register(spot("1", "C000001", "100", "111.72"), forward)
	if diff := cmp.Diff("client/C000001 EUR 100\nclient/C000001 USD -111.72\ndesk/FXS1 EUR -100\ndesk/FXS1 USD 111.72", c.books()); diff != "" {
		t.Errorf("at registration: %s", diff)
	}
	c.balanced()
	c.run(steps.ExecuteDue)
	if diff := cmp.Diff("client/C000001 EUR 100\nclient/C000001 USD -111.72\nclient/C000003 EUR -50\nclient/C000003 USD 56\n"+
		"desk/FXS1 EUR -50\ndesk/FXS1 USD 55.72", c.books()); diff != "" {
		t.Errorf("on the value date: %s", diff)
	}
	c.balanced()
}

func TestALegIsExecutedOnItsDateOnce(t *testing.T) {
	c := newCore(t)
	swap := trade{"1", "C000001", "swap", []leg{{day, "EUR", "100", "USD", "111.72"}, {"2026-12-28", "EUR", "-100", "USD", "112"}}}
	c.register(swap)
	c.clock = morning.AddDate(0, 0, -1)
	if early := c.run(steps.ExecuteDue); len(early) != 0 {
		t.Fatalf("a day early: %v", early)
	}
	c.clock = morning
	requests := c.run(steps.ExecuteDue)
	if again := c.run(steps.ExecuteDue); len(requests) != 1 || len(again) != 0 {
		t.Fatalf("%d requests, %d by a second run", len(requests), len(again))
	}
	got := requestOf(t, requests[0])
	want := messages.MovementRequested{
		MovementID: got.MovementID, Attempt: 1, ValueDate: day, Client: "C000001", NotAfter: morning.Truncate(24*time.Hour).AddDate(0, 0, 1),
		Lines: []messages.Line{{Currency: "EUR", Amount: "100", From: "FXSETTLEEUR", To: "C000001EUR"}, {Currency: "USD", Amount: "111.72", From: "C000001USD", To: "FXSETTLEUSD"}},
	}
	if diff := cmp.Diff(want, got); diff != "" || requests[0].Correlation != swap.id() {
		t.Errorf("story %s: %s", requests[0].Correlation, diff)
	}
	moved := morning.Add(time.Minute)
	told := c.good(steps.Movements(static), madeOf(t, requests[0], "M1", moved))
	settled := dataOf[messages.Settled](t, told[0], contract.SettlementSettled)
	if settled.TradeID != swap.id() || settled.Leg != 1 || settled.Reference != "M1" || !settled.SettledAt.Equal(moved) || told[0].Origin != "alpha" {
		t.Errorf("%s %+v", told[0].Origin, settled)
	}
	if again := c.good(steps.Movements(static), told2(t, requests[0], "M1", moved)); len(again) != 0 {
		t.Errorf("told twice: %v", again)
	}
	if diff := cmp.Diff("account/C000001EUR EUR 100\naccount/C000001USD USD -111.72\ndesk/FXS1 EUR -100\ndesk/FXS1 USD 111.72", c.books()); diff != "" {
		t.Error(diff)
	}
	c.balanced()
}

// told2 is another message with the same answer.
func told2(t *testing.T, request event.Event, reference string, at time.Time) event.Event {
	e := madeOf(t, request, reference, at)
	e.ID = event.ChildID(e.ID, "again")
	return e
}

func TestANettingAgreementPaysTheDifference(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000002", "100", "111.72"), spot("2", "C000002", "-60", "67"), spot("3", "C000002", "-40", "44.72"),
		spot("4", "C000002", "10", "11.20"))
	requests := c.run(steps.ExecuteDue)
	if len(requests) != 1 {
		t.Fatalf("%d movements", len(requests))
	}
	want := []messages.Line{{Currency: "EUR", Amount: "10", From: "FXSETTLEEUR", To: "C000002EUR"}, {Currency: "USD", Amount: "11.2", From: "C000002USD", To: "FXSETTLEUSD"}}
	if diff := cmp.Diff(want, requestOf(t, requests[0]).Lines); diff != "" {
		t.Error(diff)
	}
	if told := c.good(steps.Movements(static), madeOf(t, requests[0], "M1", morning)); len(told) != 4 {
		t.Errorf("%d legs are settled, want 4", len(told))
	}
	c.balanced()
}

func TestWhatNetsToZeroIsSettledWithoutAMovement(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000002", "100", "111.72"), spot("2", "C000002", "-100", "111.72"))
	for _, e := range c.run(steps.ExecuteDue) {
		if got := dataOf[messages.Settled](t, e, contract.SettlementSettled); got.Reference != "NETTED" {
			t.Errorf("%+v", got)
		}
	}
	if got := c.books(); got != "" {
		t.Errorf("books hold %s", got)
	}
	c.balanced()
}

func TestARefusedMovementFailsAndIsTriedAgainByHand(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	request := c.run(steps.ExecuteDue)[0]
	failed := dataOf[messages.Failed](t, c.good(steps.Movements(static), refusedOf(t, request, "NOFUNDS"))[0], contract.SettlementFailed)
	if failed.Code != "NOFUNDS" || failed.Leg != 1 {
		t.Errorf("%+v", failed)
	}
	c.balanced()
	again := c.good(steps.Movements(static), told(t, contract.SettlementCommanded, "1", messages.Commanded{
		MovementID: failed.MovementID, Action: messages.Retry, By: "U0001", Reason: "the client has paid in",
	}))
	second := requestOf(t, again[0])
	if second.MovementID != failed.MovementID || second.Attempt != 2 || !second.NotAfter.Equal(morning.Add(time.Hour)) {
		t.Errorf("%+v", second)
	}
	if late := c.good(steps.Movements(static), told(t, contract.MovementRefused, "late", messages.MovementRefused{
		MovementID: failed.MovementID, Attempt: 1, Code: "NOFUNDS",
	})); len(late) != 0 {
		t.Errorf("the first refusal, late, ended the second attempt: %v", late)
	}
	c.good(steps.Movements(static), madeOf(t, again[0], "M1", morning))
	if got := c.rows("select state || ' ' || attempt || ' ' || acted_by from movement"); got != "made 2 U0001" {
		t.Error(got)
	}
	c.balanced()
}

func TestAPersonSettlesByHandWhatWasRefused(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	request := c.run(steps.ExecuteDue)[0]
	byHand := told(t, contract.SettlementCommanded, "1", messages.Commanded{
		MovementID: requestOf(t, request).MovementID, Action: messages.SettleByHand, By: "U0001", Reason: "account moved", Reference: "SWIFT 42",
	})
	if why := c.declined(byHand); !strings.Contains(why, "not allowed") {
		t.Error("settled by hand while the mainframe may still move it")
	}
	c.good(steps.Movements(static), refusedOf(t, request, "CLOSED"))
	byHand.ID = event.ChildID(byHand.ID, "again")
	told := c.good(steps.Movements(static), byHand)
	if got := dataOf[messages.Settled](t, told[0], contract.SettlementSettled); !got.ByHand || got.Reference != "SWIFT 42" {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff("desk/FXS1 EUR -100\ndesk/FXS1 USD 111.72\nsuspense/EUR EUR 100\nsuspense/USD USD -111.72", c.books()); diff != "" {
		t.Error(diff)
	}
	if r := c.handle(steps.Movements(static), madeOf(t, request, "M1", morning))[0]; r.Err == nil {
		t.Error("the mainframe moved what was settled by hand, and nobody was told")
	}
	c.balanced()
}

func TestAMovementWithoutAnAnswerFailsAtTheCutOffAndMaySettleLate(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	request := c.run(steps.ExecuteDue)[0]
	c.clock = requestOf(t, request).NotAfter.Add(time.Second)
	if early := c.run(steps.WatchCutOffs); len(early) != 0 {
		t.Errorf("the answer may be on its way: %v", early)
	}
	c.clock = c.clock.Add(time.Minute)
	told := c.run(steps.WatchCutOffs)
	if got := dataOf[messages.Failed](t, told[0], contract.SettlementFailed); got.Code != movement.Unanswered || len(told) != 1 {
		t.Errorf("%+v", got)
	}
	if again := c.run(steps.WatchCutOffs); len(again) != 0 {
		t.Errorf("told twice: %v", again)
	}
	if late := c.good(steps.Movements(static), madeOf(t, request, "M1", c.clock)); len(late) != 1 {
		t.Errorf("%d events of the late answer", len(late))
	}
	c.balanced()
}

func TestATradeWhoseCutOffHasPassedFails(t *testing.T) {
	c := newCore(t)
	c.clock = morning.AddDate(0, 0, 2)
	c.register(spot("1", "C000001", "100", "111.72"))
	told := c.run(steps.ExecuteDue)
	if got := dataOf[messages.Failed](t, told[0], contract.SettlementFailed); got.Code != "TOOLATE" {
		t.Errorf("%+v", got)
	}
	c.balanced()
}

// 250 legs take three parts. A client that nets has all its legs in one movement, wherever the parts are cut.
func TestARunTakesItsLegsInParts(t *testing.T) {
	c := newCore(t)
	const trades = 250
	all := make([]trade, 0, trades)
	for i := range trades {
		client := "C000001"
		if i%5 == 0 {
			client = "C000002"
		}
		all = append(all, spot(fmt.Sprint(i), client, "100", "111.72"))
	}
	c.register(all...)
	requests := c.run(steps.ExecuteDue)
	if want := trades - trades/5 + 1; len(requests) != want {
		t.Errorf("%d movements, want %d", len(requests), want)
	}
	if got := c.rows("select state || ' ' || count(*) from obligation group by state"); got != "instructed 250" {
		t.Error(got)
	}
	c.balanced()
}

func TestTheDatabaseHoldsTheRulesOfTheLedger(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	const columns = "insert into transfer (posting, number, reason, currency, amount, value_date, from_book, to_book, reverses_posting, reverses_number, booked_at) "
	posting := c.rows("select distinct posting::text from transfer")
	for rule, statement := range map[string]string{
		"a row is never changed":              "update transfer set amount = 1",
		"a row is never removed":              "delete from transfer",
		"the ledger is never emptied":         "truncate transfer",
		"an amount is above zero":             columns + "values (gen_random_uuid(), 1, 'deal', 'EUR', -1, '2026-11-26', 'desk/A', 'desk/B', null, null, now())",
		"two books":                           columns + "values (gen_random_uuid(), 1, 'deal', 'EUR', 1, '2026-11-26', 'desk/A', 'desk/A', null, null, now())",
		"a book of a known kind":              columns + "values (gen_random_uuid(), 1, 'deal', 'EUR', 1, '2026-11-26', 'pocket/A', 'desk/A', null, null, now())",
		"a reversal is the exact opposite":    columns + "select gen_random_uuid(), 1, 'reversal', currency, amount + 1, value_date, to_book, from_book, posting, number, now() from transfer where number = 1",
		"a reversal exchanges the books":      columns + "select gen_random_uuid(), 1, 'reversal', currency, amount, value_date, from_book, to_book, posting, number, now() from transfer where number = 1",
		"a reversal names what it takes back": columns + "values (gen_random_uuid(), 1, 'reversal', 'EUR', 1, '2026-11-26', 'desk/A', 'desk/B', null, null, now())",
	} {
		if _, err := c.pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s: the database took %s", rule, statement)
		}
	}
	reversal := columns + "select $1::uuid, number, 'reversal', currency, amount, value_date, to_book, from_book, posting, number, now() from transfer where posting = $2::uuid"
	if _, err := c.pool.Exec(t.Context(), reversal, event.NewID(testkit.Day, "r1"), posting); err != nil {
		t.Errorf("the exact opposite: %v", err)
	}
	if _, err := c.pool.Exec(t.Context(), reversal, event.NewID(testkit.Day, "r2"), posting); err == nil {
		t.Error("a row was reversed twice")
	}
}
