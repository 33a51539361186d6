package steps

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// dealersBank is a bank in which U1 and U2 may deal up to an exposure of 60,000 each, and U3 has no line.
func dealersBank(t *testing.T) *bank {
	t.Helper()
	s := snapshot()
	for _, dealer := range []string{"U1", "U2"} {
		s.Limits[line.Node{Level: line.Dealer, ID: dealer}] = usd(line.Limit{Amount: dec("60000")})
	}
	b := &bank{t: t, pool: schema(t)}
	for i := range b.replicas {
		b.replicas[i] = all(static{snapshot: s}).Handler(b.pool, "linecheck/"+strconv.Itoa(i), testkit.Log(t))
	}
	return b
}

// by returns a message of the trade that a person of the bank asked for.
func (s spot) by(t *testing.T, dealer string, typ event.Type) event.Event {
	t.Helper()
	data := s.dataOf(typ)
	dealtBy(dealer)(data)
	return message(t, typ, s.id(), dealer, soon(), data)
}

func TestADealerHasALineOfItsOwn(t *testing.T) {
	t.Parallel()
	b := dealersBank(t)
	for i, c := range []struct{ rule, dealer, client, amount, want string }{
		{"within its line", "U1", "C000001", "500000", "trade.reserved "},
		{"its line counts all clients", "U1", "C000002", "100001", "trade.rejected line_exceeded"},
		{"up to the cent", "U1", "C000002", "100000", "trade.reserved "},
		{"another dealer has another line", "U2", "C000002", "500000", "trade.reserved "},
		{"a dealer without a line", "U3", "C000002", "1", "trade.rejected no_static_data"},
		{"a provider has no dealer", "", "C000002", "900000", "trade.reserved "},
	} {
		trade := spot{"T" + strconv.Itoa(i), c.client, c.amount}
		if got := b.handle(i%2, trade.by(t, c.dealer, contract.TradeValidated))[0]; got != c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
	mustBalance(t, b.pool)
	want := map[string]string{
		"group/G0001": "200000 0", "desk/FXS1": "200000 0", "client/C000001": "50000 0", "client/C000002": "150000 0",
		"dealer/U1": "60000 0", "dealer/U2": "50000 0",
	}
	if diff := cmp.Diff(want, b.carries()); diff != "" {
		t.Error(diff)
	}
}

// A system is no person, and a request of a provider cannot name a dealer.
func TestOnlyAPersonWhoCallsIsADealer(t *testing.T) {
	t.Parallel()
	b := dealersBank(t)
	for user, change := range map[string]func(data map[string]any){
		"S1": func(data map[string]any) {
			data["caller"] = access.Caller{User: "U3", Roles: []string{"system"}, Client: "C000002"}
		},
		"P1": func(data map[string]any) { data["request"].(map[string]any)["dealer"] = "U3" },
	} {
		trade := spot{user, "C000002", "1000"}
		data := trade.data()
		change(data)
		if got := b.handle(0, message(t, contract.TradeValidated, trade.id(), "1", soon(), data))[0]; got != "trade.reserved " {
			t.Errorf("%s: %s", user, got)
		}
	}
}

// A what-if of a person who may deal is weighed on the person's own line; one of a person who may not deal is not.
func TestAWhatIfIsWeighedOnTheAskersOwnLine(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.Limits[line.Node{Level: line.Dealer, ID: "U1"}] = usd(line.Limit{Amount: dec("60000")})
	q := asking(t, schema(t), static{snapshot: s})
	for _, c := range []struct {
		who  access.Caller
		want reason.Code
	}{
		{*traderOfFXS1("U1"), reason.LineExceeded},
		{*traderOfFXS1("U3"), reason.NoStaticData}, // has no line
		{access.Caller{User: "U1", Roles: []string{"operations"}}, ""},
		{access.Caller{User: "U1", Roles: []string{"system"}, Client: "*"}, ""},
	} {
		told := whatIfOf(t, q, c.who, supposedSpot("C000002", "buy", "700000", "1")).Trades[0]
		if (told.Refused == nil) != (c.want == "") || told.Refused != nil && told.Refused.Code != c.want {
			t.Errorf("%+v: %+v, want %q", c.who, told.Refused, c.want)
		}
	}
}

// Every step changes the dealer's line as it changes the others.
func TestADealersLineFollowsTheTrade(t *testing.T) {
	t.Parallel()
	trade := spot{"T1", "C000001", "500000"}
	for typ, want := range map[event.Type]string{contract.TradeRegistered: "0 50000", contract.TradeRejected: "0 0"} {
		b := dealersBank(t)
		b.handle(0, trade.by(t, "U1", contract.TradeValidated))
		b.handle(1, trade.by(t, "U1", typ))
		if got := b.carries()["dealer/U1"]; got != want {
			t.Errorf("after %s: %s, want %s", typ, got, want)
		}
		if typ == contract.TradeRegistered {
			b.handle(0, trade.settled(t, 1, "1"))
			if got := b.carries()["dealer/U1"]; got != "0 0" || b.due("dealer/U1") != "" {
				t.Errorf("after the settlement: %s, due %s", got, b.due("dealer/U1"))
			}
		}
		mustBalance(t, b.pool)
	}
}

// A line check of a dealer has promised room on that dealer's line.
func TestACheckIsUsedByItsOwnDealer(t *testing.T) {
	t.Parallel()
	b := dealersBank(t)
	check := reserving("L1", "500000")
	check.caller = traderOfFXS1("U1")
	if got := b.handle(0, check.message(t, soon()))[0]; got != "linecheck.completed approved" {
		t.Fatal(got)
	}
	for _, c := range []struct{ dealer, kind, want string }{
		{"U2", "request", "trade.rejected reservation_differs"}, {"U1", "request", "trade.reserved "}, {"U2", messages.Reported, "trade.reserved "},
	} {
		trade := spot{"T" + c.dealer + c.kind, "C000001", "500000"}
		data := trade.data()
		request := data["request"].(map[string]any)
		request["kind"] = c.kind
		dealtBy(c.dealer)(data)
		request["line_check"] = map[string]any{"check_id": check.id()}
		if got := b.handle(1, message(t, contract.TradeValidated, trade.id(), "1", soon(), data))[0]; got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.kind, c.dealer, got, c.want)
		}
	}
	for dealer, want := range map[string]string{"U1": "50000 0", "U2": "50000 0"} { // a report counts on the line of its own dealer
		if got := b.carries()["dealer/"+dealer]; got != want {
			t.Errorf("the line of %s: %s, want %s", dealer, got, want)
		}
	}
	mustBalance(t, b.pool)
}

func TestADealersLineIsFreeAfterWhatLapsesOrIsWithdrawn(t *testing.T) {
	t.Parallel()
	for what, free := range map[string]func(*bank){
		"expired": func(b *bank) {
			if _, err := b.pool.Exec(t.Context(), "update reservation set expires_at = clock_timestamp()"); err != nil {
				t.Fatal(err)
			}
			handle(t, Jobs().Handler(b.pool, "linecheck/job", testkit.Log(t)), due(t, "1", messages.Job{Job: messages.ExpireReservations, Due: soon(), Thorough: true}))
		},
		"withdrawn": func(b *bank) {
			handle(t, Sessions().Handler(b.pool, "linecheck/left", testkit.Log(t)), sessionEnded(t, "1", "ALPHA", time.Now().Add(time.Hour)))
		},
	} {
		b := dealersBank(t)
		check := reserving("L1", "500000")
		check.caller = traderOfFXS1("U1")
		b.handle(0, check.message(t, soon()))
		if got := b.carries()["dealer/U1"]; got != "50000 0" {
			t.Fatalf("reserved: %s", got)
		}
		free(b)
		if got := b.carries()["dealer/U1"]; got != "0 0" {
			t.Errorf("%s: %s", what, got)
		}
		mustBalance(t, b.pool)
	}
}
