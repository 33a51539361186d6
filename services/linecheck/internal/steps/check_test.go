package steps

import (
	"maps"
	"strings"
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

var deadline = noon.Add(time.Hour)

func reserving(reference, amount string) checkOf {
	return checkOf{reference: reference, provider: "ALPHA", action: messages.Reserve, amount: amount}
}

func resolving(action messages.Action, reference, target string) checkOf {
	return checkOf{reference: reference, provider: "ALPHA", action: action, target: target}
}

func TestALineCheckReservesAndIsConsumedOrCancelledOnce(t *testing.T) {
	t.Parallel()
	for action, want := range map[messages.Action]struct{ decision, used string }{
		messages.Consume: {"consumed", "0 100000"},
		messages.Cancel:  {"cancelled", "0 0"},
	} {
		w := newWorld(t)
		if got := w.verdict(reserving("L1", "1000000").message(t, deadline)); got != "linecheck.completed approved" {
			t.Fatal(got)
		}
		if got := w.verdict(resolving(action, "L2", "L1").message(t, deadline)); got != "linecheck.completed "+want.decision {
			t.Error(got)
		}
		if got := w.used("client/C000001"); got != want.used {
			t.Errorf("after %s: %s", action, got)
		}
		for _, second := range []messages.Action{messages.Consume, messages.Cancel} {
			if got := w.verdict(resolving(second, "L3"+string(second), "L1").message(t, deadline)); got != "linecheck.rejected reservation_ended" {
				t.Errorf("%s after %s: %s", second, action, got)
			}
		}
		if got := w.used("client/C000001"); got != want.used {
			t.Errorf("resolved twice: %s", got)
		}
	}
}

func TestACompletedCheckTellsBeforeAndAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L0", "400000").message(t, deadline))
	for _, c := range []struct {
		check         checkOf
		before, after string
	}{
		{reserving("L1", "1000000"), "40000", "140000"},
		{resolving(messages.Consume, "L2", "L1"), "140000", "140000"},
		{resolving(messages.Cancel, "L3", "L0"), "140000", "100000"},
	} {
		emitted, err := w.deliver(c.check.message(t, deadline))
		if err != nil {
			t.Fatal(err)
		}
		n := read[answered](t, emitted[0]).Result.Nodes[2]
		if n.Node != "client/C000001" || !n.Before.Equal(dec(c.before)) || !n.After.Equal(dec(c.after)) || !n.Limit.Equal(dec("150000")) {
			t.Errorf("%s: %+v", c.check.action, n)
		}
	}
}

// A reservation is expired from its expiry on, even before the job has expired it.
func TestAfterItsExpiryAReservationCanNotBeResolved(t *testing.T) {
	t.Parallel()
	for _, action := range []messages.Action{messages.Consume, messages.Cancel} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		w.now = noon.Add(line.DefaultLife)
		emitted, err := w.deliver(resolving(action, "L2", "L1").message(t, deadline))
		if err != nil {
			t.Fatal(err)
		}
		got := read[answered](t, emitted[0]).Rejected
		if got.Code != "reservation_ended" || !strings.Contains(got.Text, "expired at 2026-11-24T10:01:00Z: reserve again") {
			t.Errorf("%s: %+v", action, got)
		}
		if got := w.used("client/C000001"); got != "0 0" {
			t.Errorf("%s after expiry: %s", action, got)
		}
	}
}

func TestAReservationIsItsProvidersAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trade := spot{"T1", "C000001", "100"}
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	w.verdict(trade.message(t, contract.TradeValidated, "1"))
	own := reserving("L1", "").id()
	for name, c := range map[string]checkOf{
		"never made":   resolving(messages.Consume, "L2", "nothing"),
		"no id at all": resolving(messages.Cancel, "L2", ""),
		"a trade's":    {reference: "L2", provider: "ALPHA", action: messages.Cancel, change: func(r map[string]any) { r["target"] = trade.id() }},
		"another's":    {reference: "L2", provider: "BETA", action: messages.Consume, change: func(r map[string]any) { r["target"] = own }},
	} {
		emitted, err := w.deliver(c.message(t, deadline))
		if err != nil {
			t.Fatal(err)
		}
		if got := short(t, emitted[0]); got != "linecheck.rejected unknown_reservation" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := w.used("client/C000001"); got != "100010 0" {
		t.Errorf("carries %s", got)
	}
}

func TestLapsedReservationsDoNotKeepOthersFromTheLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1500000").message(t, deadline)) // the whole line
	if got := w.verdict(reserving("L2", "1").message(t, deadline)); got != "linecheck.rejected line_exceeded" {
		t.Errorf("over the line: %s", got)
	}
	w.now = noon.Add(line.DefaultLife)
	if got := w.verdict(reserving("L3", "1500000").message(t, deadline)); got != "linecheck.completed approved" {
		t.Errorf("after the expiry: %s", got)
	}
}

// A provider that comes back too late to consume a reservation is told why it has ended.
func TestWhatWasWithdrawnCanNotBeConsumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000").message(t, deadline))
	if n := w.book.Withdraw("BETA") + w.book.Withdraw("ALPHA"); n != 1 || w.used("client/C000001") != "0 0" {
		t.Fatalf("%d withdrawn, %s used", n, w.used("client/C000001"))
	}
	for _, action := range []messages.Action{messages.Consume, messages.Cancel} {
		c := checkOf{reference: "L2", provider: "ALPHA", action: action, target: "L1", amount: "1"}
		emitted, err := w.deliver(c.message(t, deadline))
		if err != nil || len(emitted) != 1 {
			t.Fatal(emitted, err)
		}
		got := read[answered](t, emitted[0]).Rejected
		if got.Code != reason.ReservationEnded || !strings.Contains(got.Text, "the provider's session ended") {
			t.Errorf("%s: %+v", action, got)
		}
	}
}

func TestALineCheckIsRefusedWhere(t *testing.T) {
	t.Parallel()
	set := func(field, value string) func(map[string]any) {
		return func(r map[string]any) { r[field] = value }
	}
	for _, c := range []struct {
		rule   string
		change func(map[string]any)
		want   string
	}{
		{"the pair is not dealt", set("pair", "EUR/XXX"), "unknown_pair"},
		{"the pair is no pair", set("pair", "EURUSD"), "unknown_pair"},
		{"a currency is given twice", set("pair", "EUR/EUR"), "unknown_pair"},
		{"the amount's currency is not of the pair", set("currency", "JPY"), "currency_unknown"},
		{"the amount is no number", set("amount", "much"), "invalid_amount"},
		{"the amount is zero", set("amount", "0"), "invalid_amount"},
		{"the amount is negative", set("amount", "-1"), "invalid_amount"},
		{"the amount is absurd", set("amount", "1000000000000001"), "invalid_amount"},
		{"the amount has an exponent", set("amount", "1e3"), "invalid_amount"},
		{"the amount is long", set("amount", "0.00000000000000000000000000001"), "invalid_amount"},
		{"the amount has more decimals than its currency", set("amount", "1000.001"), "over_precise"},
		{"the tenor is unknown", set("tenor", "1Q"), "invalid_date"},
		{"the value date is none", set("value_date", "2026-02-30"), "invalid_date"},
		{"the value date is past", func(r map[string]any) { r["tenor"], r["value_date"] = "", "2026-11-23" }, "past_date"},
		{"the tenor is too long", set("tenor", "1Y"), "beyond_max_tenor"},
		{"the line does not bear it", set("amount", "1500000.01"), "line_exceeded"},
		{"it is over the clip", set("amount", "1900001"), "clip_exceeded"},
	} {
		w := newWorld(t)
		asked := reserving("L1", "1000")
		asked.change = c.change
		if got := w.verdict(asked.message(t, deadline)); got != "linecheck.rejected "+c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
}

// The text names what was sent: the symbol. It says nothing about the currency, which was not sent.
func TestARefusalOfWhatIsNoPairNamesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := reserving("L1", "1000")
	asked.change = func(r map[string]any) { r["pair"], r["currency"] = "EURUSD", "" }
	emitted, err := w.deliver(asked.message(t, deadline))
	if err != nil || len(emitted) != 1 {
		t.Fatal(emitted, err)
	}
	got := read[answered](t, emitted[0]).Rejected
	if want := `the bank does not deal the pair "EURUSD": choose another pair`; got.Code != reason.UnknownPair || got.Text != want {
		t.Errorf("got %+v, want %s", got, want)
	}
}

func TestEveryStepOfALineCheckKeepsItsDeadline(t *testing.T) {
	t.Parallel()
	for _, action := range []messages.Action{messages.Reserve, messages.Consume, messages.Cancel} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000").message(t, deadline))
		c := checkOf{reference: "L2", provider: "ALPHA", action: action, target: "L1", amount: "1"}
		if got := w.verdict(c.message(t, noon.Add(-1))); got != "linecheck.rejected expired" {
			t.Errorf("%s: %s", action, got)
		}
		if got := w.used("client/C000001"); got != "100 0" {
			t.Errorf("%s: carries %s", action, got)
		}
	}
}

func TestAmountsAndSidesInEitherCurrencyOfThePair(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pair, currency, side, receives string }{
		{"EUR/USD", "EUR", "buy", "quote"},
		{"EUR/USD", "EUR", "", "quote"},
		{"EUR/USD", "EUR", "sell", "base"},
		{"EUR/USD", "USD", "sell", "quote"}, // the client sells dollars: it buys euros, and the bank receives dollars
		{"USD/EUR", "USD", "buy", "base"},
	} {
		w := newWorld(t)
		w.static.snapshot.Market = marketAt(map[string]string{"EUR": "1", "USD": "2"})
		asked := reserving("L1", "100")
		asked.change = func(r map[string]any) { r["pair"], r["currency"], r["side"] = c.pair, c.currency, c.side }
		if got := w.verdict(asked.message(t, deadline)); got != "linecheck.completed approved" {
			t.Fatalf("%+v: %s", c, got)
		}
		want := "20 0" // 100 euros are 200 dollars
		if c.currency == "USD" {
			want = "10 0"
		}
		if got := w.used("client/C000001"); got != want {
			t.Errorf("%+v: carries %s, want %s", c, got, want)
		}
	}
}

func TestAProviderMayAskForALifeWithinBounds(t *testing.T) {
	t.Parallel()
	for wanted, want := range map[time.Duration]time.Duration{0: line.DefaultLife, 5 * time.Second: 5 * time.Second, time.Hour: line.MaxLife} {
		w := newWorld(t)
		asked := reserving("L1", "100")
		if wanted > 0 {
			asked.change = func(r map[string]any) { r["expires_at"] = noon.Add(wanted) }
		}
		emitted, err := w.deliver(asked.message(t, deadline))
		if err != nil {
			t.Fatal(err)
		}
		if got := read[answered](t, emitted[0]).Result.ExpiresAt.Sub(noon); got != want {
			t.Errorf("wanted %s: %s, want %s", wanted, got, want)
		}
	}
}

// A product of spot has to fit the value date, as in a trade of the same terms; the text is trading's. A date that stands above the
// product decides alone.
func TestACheckOfSpotIsForTheSpotDate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stated  map[string]any
		decides bool
		want    string
	}{
		"the tenor":                   {map[string]any{"tenor": "SPOT"}, false, "linecheck.completed approved"},
		"the date":                    {map[string]any{"tenor": "", "value_date": "2026-11-26"}, false, "linecheck.completed approved"},
		"a date beside another tenor": {map[string]any{"tenor": "1M", "value_date": "2026-11-26"}, false, "linecheck.completed approved"},
		"tomorrow":                    {map[string]any{"tenor": "TOM"}, false, "linecheck.rejected invalid_date"},
		"another date":                {map[string]any{"tenor": "", "value_date": "2026-11-30"}, false, "linecheck.rejected invalid_date"},
		"another date, which decides": {map[string]any{"tenor": "", "value_date": "2026-11-30"}, true, "linecheck.completed approved"},
	} {
		w := newWorld(t)
		asked := reserving("L1", "100")
		asked.change = func(r map[string]any) {
			maps.Copy(r, c.stated)
			r["product"] = "spot"
		}
		e := asked.message(t, deadline)
		data, err := contract.WithSection(e.Data, "authorized", map[string]any{"date_decides": c.decides})
		if err != nil {
			t.Fatal(err)
		}
		e.Data = data
		emitted, err := w.deliver(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := short(t, emitted[0]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		const text = " is not the spot date of EUR/USD, 2026-11-26; another date is a forward or a swap"
		if r := read[answered](t, emitted[0]).Rejected; strings.HasSuffix(c.want, "invalid_date") && !strings.HasSuffix(r.Text, text) {
			t.Errorf("%s: %q", name, r.Text)
		}
	}
}

// What is supposed to be spot has to fit the value date, too.
func TestAWhatIfOfSpotIsForTheSpotDate(t *testing.T) {
	t.Parallel()
	for tenor, want := range map[string]reason.Code{"SPOT": "", "TOM": reason.InvalidDate} {
		s := begin(static{snapshot: snapshot()}, likeTrades())()
		s.At(noon)
		x := s.suppose(messages.Supposed{
			Client: "C000001", Product: "spot", Pair: "EUR/USD", Currency: "EUR",
			Legs: []messages.SupposedLeg{{Side: "buy", Amount: "100", Tenor: tenor}},
		}, noon, access.Caller{Roles: []string{"operations"}})
		if x.refused == nil && want != "" || x.refused != nil && x.refused.Code != want {
			t.Errorf("%s: %+v", tenor, x.refused)
		}
	}
}

// An approval promises room until its end, so there is none whose end has come.
func TestAReservationThatWouldBeOverIsRefused(t *testing.T) {
	t.Parallel()
	for name, until := range map[string]time.Time{"five seconds ago": noon.Add(-5 * time.Second), "now": noon} {
		w := newWorld(t)
		asked := reserving("L1", "100")
		asked.change = func(r map[string]any) { r["expires_at"] = until }
		emitted, err := w.deliver(asked.message(t, deadline))
		if err != nil {
			t.Fatal(err)
		}
		a := read[answered](t, emitted[0])
		if got := short(t, emitted[0]); got != "linecheck.rejected expired" || !strings.Contains(a.Rejected.Text, until.UTC().Format(time.RFC3339)) {
			t.Errorf("%s: %s, %q", name, got, a.Rejected.Text)
		}
		if got := w.used("client/C000001"); got != "0 0" {
			t.Errorf("%s: %s is used", name, got)
		}
	}
}

func TestResolvingDoesNotWaitForStaticData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000").message(t, deadline))
	w.static = static{err: &line.MissingError{What: "rates loaded yet"}}
	e := resolving(messages.Consume, "L2", "L1").message(t, deadline)
	if got := w.verdict(e); got != "linecheck.completed consumed" {
		t.Error(got)
	}
	if got := w.verdict(reserving("L3", "1").message(t, deadline)); got != "linecheck.rejected no_static_data" {
		t.Error(got)
	}
}

// A refusal names a reservation or a trade as the provider has named it, and not by the id that a gateway made of the reference.
func TestARefusalRepeatsTheNameThatWasSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	long := strings.Repeat("L", 64)
	for rule, c := range map[string]struct {
		target string
		change map[string]any
		want   string
	}{
		"by the reference": {"L9", map[string]any{"target_reference": long}, `has no reservation "` + long + `" to consume: `},
		"by the id":        {"L9", nil, `has no reservation "` + resolving("", "L9", "").id() + `" to consume: `},
		"a trade by its reference": {"L1", map[string]any{
			"for_trade_id": reserving("L1", "").id(), "for_trade_reference": "T9", "target_reference": "L1",
		}, `has no trade "T9" to consume a reservation for: `},
	} {
		asked := resolving(messages.Consume, "C"+rule, c.target)
		asked.change = func(r map[string]any) { maps.Copy(r, c.change) }
		emitted, err := w.deliver(asked.message(t, deadline))
		if err != nil {
			t.Fatal(err)
		}
		if r := read[answered](t, emitted[0]).Rejected; r.Code != reason.UnknownReservation || !strings.Contains(r.Text, c.want) {
			t.Errorf("%s: %+v", rule, r)
		}
	}
}
