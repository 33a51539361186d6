package steps

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// Each cell of the table's row line.what_if: whose clients a role may ask about. Client C000001 is of desk FXS1.
func TestAWhatIfReachesWhatTheRightReaches(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.Limits[line.Node{Level: line.Dealer, ID: "U1"}] = s.Limits[line.Node{Level: line.Desk, ID: "FXS1"}]
	q := asking(t, schema(t), static{snapshot: s})
	for name, c := range map[string]struct {
		who  access.Caller
		want reason.Code
	}{
		"a trader of the desk":        {access.Caller{User: "U1", Roles: []string{"trader"}, Desk: "FXS1"}, ""},
		"a trader of another desk":    {access.Caller{User: "U1", Roles: []string{"trader"}, Desk: "FXS2"}, reason.Unauthorised},
		"sales of the desk":           {access.Caller{User: "U1", Roles: []string{"sales"}, Desk: "FXS1"}, ""},
		"sales of no desk":            {access.Caller{User: "U1", Roles: []string{"sales"}}, reason.Unauthorised},
		"operations":                  {access.Caller{Roles: []string{"operations"}}, ""},
		"compliance":                  {access.Caller{Roles: []string{"compliance"}}, ""},
		"the client's system":         {access.Caller{Roles: []string{"system"}, Client: "C000001"}, ""},
		"another client's system":     {access.Caller{Roles: []string{"system"}, Client: "C000002"}, reason.Unauthorised},
		"a system of the bank":        {access.Caller{Roles: []string{"system"}, Client: "*"}, ""},
		"an unknown client's system":  {access.Caller{Roles: []string{"system"}, Client: "C9"}, reason.Unauthorised},
		"an unknown role":             {access.Caller{Roles: []string{"director"}, Desk: "FXS1"}, reason.Unauthorised},
		"a question without an asker": {access.Caller{}, reason.Unauthorised},
	} {
		told := whatIfOf(t, q, c.who, supposedSpot("C000001", "buy", "1000000", ""))
		var got reason.Code
		if r := told.Trades[0].Refused; r != nil {
			got = r.Code
		}
		if got != c.want || (got != "") != (len(told.Together.Nodes) == 0 && len(told.Trades[0].Nodes) == 0) {
			t.Errorf("%s: %q with %d nodes, want %q", name, got, len(told.Together.Nodes), c.want)
		}
	}
}

// Who may ask about some clients cannot learn which other clients the bank has.
func TestOfAClientOutOfReachNothingIsTold(t *testing.T) {
	t.Parallel()
	q := asking(t, schema(t), static{snapshot: snapshot()})
	who := access.Caller{User: "S1", Roles: []string{"system"}, Client: "C000002"}
	told := whatIfOf(t, q, who, supposedSpot("C000001", "buy", "1", "1"), supposedSpot("C999999", "buy", "1", "1"))
	known, unknown := *told.Trades[0].Refused, *told.Trades[1].Refused
	if known.Code != unknown.Code || strings.ReplaceAll(known.Text, "C000001", "") != strings.ReplaceAll(unknown.Text, "C999999", "") {
		t.Errorf("%+v and %+v", known, unknown)
	}
}

// A system of a client sees what its client's line carries, and nothing of the lines above. A dealer sees no other dealer's.
func TestWhoAsksSeesTheLinesOfItsRight(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.Limits[line.Node{Level: line.Dealer, ID: "U1"}] = s.Limits[line.Node{Level: line.Desk, ID: "FXS1"}]
	s.Limits[line.Node{Level: line.Group, ID: "G0001"}] = usd(line.Limit{Amount: dec("77777")})
	q := asking(t, schema(t), static{snapshot: s})
	system := access.Caller{User: "S1", Roles: []string{"system"}, Client: "C000002"}
	for name, c := range map[string]struct {
		who  access.Caller
		want string
	}{
		"a system":   {system, "client/C000002"},
		"a trader":   {*traderOfFXS1("U1"), "group/G0001 desk/FXS1 dealer/U1 client/C000002"},
		"operations": {everyone(), "group/G0001 desk/FXS1 client/C000002"},
	} {
		told := whatIfOf(t, q, c.who, supposedSpot("C000002", "buy", "1000", "1"), supposedSpot("C000002", "buy", "900000", "1"))
		for _, nodes := range [][]messages.Node{nodesIn(t, told.Trades[0].Nodes), nodesIn(t, told.Trades[1].Nodes), told.Together.Nodes} {
			var seen []string
			for _, n := range nodes {
				seen = append(seen, n.Node)
			}
			if got := strings.Join(seen, " "); got != c.want {
				t.Errorf("%s sees %s, want %s", name, got, c.want)
			}
		}
		for _, r := range []messages.Refusal{*told.Trades[1].Refused, told.Together.Refused[0].Refusal} {
			if r.Code != reason.LineExceeded || strings.Contains(r.Text, "G0001") == (name == "a system") {
				t.Errorf("%s is told: %s %s", name, r.Code, r.Text)
			}
		}
	}
}

// A refusal says of a line what who asks may know. Its nodes are for the bank.
func TestARefusalOfARequestByTheAPITellsNothingOfLinesOutOfSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.static.snapshot.Limits[line.Node{Level: line.Group, ID: "G0001"}] = usd(line.Limit{Amount: dec("77777")})
	system := &access.Caller{User: "S1", Roles: []string{"system"}, Client: "C000002"}
	check := calling{checkOf{reference: "L1", action: messages.Reserve, amount: "900000", caller: system, change: func(r map[string]any) { r["client"] = "C000002" }}}
	for _, e := range []event.Event{check.message(t), byAPI(t, spot{"T1", "C000002", "900000"}, system, "")} {
		emitted, err := w.deliver(e)
		if err != nil {
			t.Fatal(err)
		}
		if r := read[answered](t, emitted[0]).Rejected; r.Code != reason.LineExceeded || strings.Contains(r.Text, "G0001") || len(r.Nodes) != 3 || r.Node != "group/G0001" {
			t.Errorf("%s: %+v", e.Type, r)
		}
	}
}

func TestWhatIsWrongWithATradeIsTold(t *testing.T) {
	t.Parallel()
	q := asking(t, schema(t), static{snapshot: snapshot()})
	of := func(change func(*messages.Supposed)) messages.Supposed {
		s := supposedSpot("C000001", "buy", "1000", "1.02")
		change(&s)
		return s
	}
	swap := func(near, far string) messages.Supposed {
		return of(func(s *messages.Supposed) {
			s.Legs = append(s.Legs, s.Legs[0])
			s.Legs[0].Tenor, s.Legs[1].Tenor = near, far
		})
	}
	for rule, c := range map[string]struct {
		trade messages.Supposed
		want  reason.Code
	}{
		"nothing":                {of(func(*messages.Supposed) {}), ""},
		"the market's price":     {of(func(s *messages.Supposed) { s.Legs[0].Rate = "" }), ""},
		"a swap":                 {swap("SPOT", "1M"), ""},
		"an unknown client":      {of(func(s *messages.Supposed) { s.Client = "C9" }), reason.UnknownClient},
		"an unknown pair":        {of(func(s *messages.Supposed) { s.Pair = "EUR/XXX" }), reason.UnknownPair},
		"a currency of none":     {of(func(s *messages.Supposed) { s.Currency = "CHF" }), reason.CurrencyUnknown},
		"no amount":              {of(func(s *messages.Supposed) { s.Legs[0].Amount = "0" }), reason.InvalidAmount},
		"a tenth of a cent":      {of(func(s *messages.Supposed) { s.Legs[0].Amount = "1.001" }), reason.OverPrecise},
		"a rate of zero":         {of(func(s *messages.Supposed) { s.Legs[0].Rate = "0" }), reason.OffMarket},
		"a Saturday":             {of(func(s *messages.Supposed) { s.Legs[0].Tenor, s.Legs[0].ValueDate = "", "2026-11-28" }), reason.Holiday},
		"a day that has passed":  {of(func(s *messages.Supposed) { s.Legs[0].Tenor, s.Legs[0].ValueDate = "", "2026-11-20" }), reason.PastDate},
		"a swap back in time":    {swap("1M", "SPOT"), reason.InvalidDate},
		"above the line":         {of(func(s *messages.Supposed) { s.Legs[0].Amount = "1600000" }), reason.LineExceeded},
		"longer than the line":   {of(func(s *messages.Supposed) { s.Legs[0].Tenor = "6M" }), reason.BeyondMaxTenor},
		"above the largest deal": {of(func(s *messages.Supposed) { s.Legs[0].Amount = "1900001" }), reason.ClipExceeded},
	} {
		told := whatIfOf(t, q, everyone(), c.trade)
		var got reason.Code
		if r := told.Trades[0].Refused; r != nil {
			got = r.Code
		}
		if got != c.want || (len(told.Together.Refused) == 0) != (c.want == "") {
			t.Errorf("%s: %q, want %q", rule, got, c.want)
		}
	}
}

// Two trades that fit each by itself do not fit together: the core takes the first. A third one fits what is left.
func TestTradesAreToldOneByOneAndInSequence(t *testing.T) {
	t.Parallel()
	q := asking(t, schema(t), static{snapshot: snapshot()})
	told := whatIfOf(t, q, everyone(), supposedSpot("C000001", "buy", "1000000", "1"), supposedSpot("C000001", "sell", "900000", "1"),
		supposedSpot("C000001", "buy", "500000", "1"))
	for i, o := range told.Trades {
		if o.Refused != nil || o.TradeDate != "2026-11-24" || o.SpotDate != "2026-11-26" || cmp.Diff([]string{"2026-11-26"}, o.ValueDates) != "" {
			t.Errorf("trade %d alone: %+v", i, o)
		}
	}
	together := told.Together
	if len(together.Refused) != 1 || together.Refused[0].Trade != 1 || together.Refused[0].Code != reason.LineExceeded || !together.Exposure.Equal(dec("150000")) {
		t.Errorf("%+v", together)
	}
	due := []messages.Settlement{{ValueDate: "2026-11-26", Amount: dec("1500000")}}
	if diff := cmp.Diff(due, together.Settlements); diff != "" {
		t.Error(diff)
	}
	for _, n := range together.Nodes {
		if !n.Before.IsZero() || (n.Node == "client/C000001" && (!n.After.Equal(dec("150000")) || !n.Headroom.Equal(dec("150000")))) {
			t.Errorf("%+v", n)
		}
	}
}

// What has lapsed uses no line, as in the real check.
func TestAWhatIfCountsNothingThatHasLapsed(t *testing.T) {
	t.Parallel()
	pool := schema(t)
	q := asking(t, pool, static{snapshot: snapshot()})
	h := at(noon.Add(-2*time.Minute), all(static{snapshot: snapshot()})).Handler(pool, "linecheck/1", q.Log)
	e := reserving("L1", "1500000").message(t, deadline)
	handle(t, h, e)
	if _, err := pool.Exec(t.Context(), "update reservation set expires_at = $1", noon.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if told := whatIfOf(t, q, everyone(), supposedSpot("C000001", "buy", "1500000", "1")); told.Trades[0].Refused != nil {
		t.Errorf("%+v", told.Trades[0].Refused)
	}
}

// Nobody waits for a late answer. A question that cannot be read is a defect. Without static data the answer says so.
func TestQuestionsThatAreLateWrongOrWithoutData(t *testing.T) {
	t.Parallel()
	q := asking(t, schema(t), static{snapshot: snapshot()})
	late := askedBy(t, contract.WhatIfRequested, everyone(), map[string]any{"trades": []any{supposedSpot("C000001", "buy", "1", "1")}})
	late.Deadline = noon.Add(-time.Second)
	if emitted := handle(t, q, late); len(emitted) > 0 {
		t.Errorf("a late question was answered: %v", emitted)
	}
	for name, e := range map[string]event.Event{
		"no trades":     askedBy(t, contract.WhatIfRequested, everyone(), map[string]any{}),
		"no legs":       askedBy(t, contract.WhatIfRequested, everyone(), map[string]any{"trades": []any{map[string]any{"client": "C000001"}}}),
		"too many":      askedBy(t, contract.WhatIfRequested, everyone(), map[string]any{"trades": make([]messages.Supposed, messages.MostSupposed+1)}),
		"no line":       askedBy(t, contract.LinesRequested, everyone(), map[string]any{"limit": 0}),
		"no end of it":  askedBy(t, contract.LinesRequested, everyone(), map[string]any{"limit": messages.MostLines + 1}),
		"another shape": askedBy(t, contract.LinesRequested, everyone(), "lines"),
	} {
		if r := q.Handle(t.Context(), []event.Event{e})[0]; r.Err == nil {
			t.Errorf("%s: %v", name, r.Emit)
		}
	}
	q.Static = static{err: &line.MissingError{What: "rates"}}
	if told := whatIfOf(t, q, everyone(), supposedSpot("C000001", "buy", "1", "1")); told.Trades[0].Refused.Code != reason.NoStaticData {
		t.Errorf("%+v", told)
	}
	if told := linesOf(t, q, everyone(), map[string]any{}); told.Refused == nil || told.Refused.Code != reason.NoStaticData {
		t.Errorf("%+v", told)
	}
}

// broken is static data that nobody can use.
type broken struct{}

func (broken) Snapshot() (*directory.Snapshot, error) { panic("broken") }

// linecheck checks trades in the same process.
func TestAQuestionEndsNoProcess(t *testing.T) {
	t.Parallel()
	q := asking(t, nil, broken{})
	for _, e := range []event.Event{
		askedBy(t, contract.WhatIfRequested, everyone(), map[string]any{"trades": []any{supposedSpot("C000001", "buy", "1", "1")}}),
		askedBy(t, contract.LinesRequested, everyone(), map[string]any{"limit": 1}),
	} {
		if r := q.Handle(t.Context(), []event.Event{e})[0]; r.Err == nil || len(r.Emit) > 0 {
			t.Errorf("%s: %v", e.Type, r)
		}
	}
}

// A trade without a price is weighed as a line check is, at the market's.
func TestATradeWithoutAPriceIsWeighedAsALineCheck(t *testing.T) {
	t.Parallel()
	for _, amount := range []string{"1000000", "1600000"} {
		pool := schema(t)
		told := whatIfOf(t, asking(t, pool, static{snapshot: snapshot()}), everyone(), supposedSpot("C000001", "buy", amount, "")).Trades[0]
		h := at(noon, all(static{snapshot: snapshot()})).Handler(pool, "linecheck/1", testkit.Log(t))
		did := read[answered](t, handle(t, h, reserving("L1", amount).message(t, deadline))[0])
		if diff := cmp.Diff(append(did.Result.Nodes, did.Rejected.Nodes...), nodesIn(t, told.Nodes)); diff != "" {
			t.Error(diff)
		}
		if (told.Refused != nil) != (did.Rejected.Code != "") || (told.Refused == nil && !told.Exposure.Equal(did.Result.Exposure)) {
			t.Errorf("%+v was told, the check did %+v", told, did)
		}
	}
}
