package dialect

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// decided is the event that ends the story of a sample request: its data plus the sections given as JSON.
func decided(t testing.TB, name string, typ event.Type, sections string) (Session, event.Event) {
	t.Helper()
	s, m := sampleMessage(t, name)
	in, reject := New(Settings{}).ToEvent(s, always("entry-1"), noon, m)
	if reject != nil {
		t.Fatalf("%s: %v", name, reject)
	}
	data := append(json.RawMessage(nil), in.Event.Data...)
	if sections != "" {
		data = append(append(append(data[:len(data)-1], ','), sections...), '}')
	}
	e, err := in.Event.Next(typ, data)
	if err != nil {
		t.Fatal(err)
	}
	e.ID, e.Time = "decision-1", noon.Add(250*time.Millisecond)
	return s, e
}

const (
	spotSections = `"authorized":{},"validated":{"trade_date":"2026-11-24","pair":"EUR/USD","spot_date":"2026-11-27",` +
		`"legs":[{"value_date":"2026-11-27","base":"EUR","base_side":"buy","base_amount":"1000000","quote":"USD","quote_amount":"1084320","rate":"1.08432"}]},` +
		`"reserved":{},"registered":{"trade_id":"T","version":1,"registered_at":"2026-11-24T12:00:00.2Z"}`
	yenSections = `"validated":{"pair":"USD/JPY","spot_rate":"149.1","legs":[{"value_date":"2027-02-26","base":"USD","base_amount":"1686909.58","quote":"JPY","quote_amount":"250000000","rate":"148.2"}]},` +
		`"registered":{"registered_at":"2026-11-24T12:00:00.2Z"}`
	swapSections = `"validated":{"pair":"EUR/USD","spot_rate":"1.08","legs":[{"value_date":"2026-11-27","base":"EUR","base_amount":"1000000","quote":"USD","quote_amount":"1080000"},` +
		`{"value_date":"2027-02-26","base":"EUR","base_amount":"900000","quote":"USD","quote_amount":"971190"}]},"registered":{"registered_at":"2026-11-24T12:00:00.2Z"}`
	overLine = `"rejected":{"code":"line_exceeded","text":"client/C000900: limit 1000000 USD, used 900000, asked 200000","by":"linecheck"}`
)

// extended is the dialect whose answers have what foreign exchange has beyond the standard.
func extended() *Dialect { return New(Settings{Variation: variation.Named()["extended"]}) }

// The whole answer to each outcome with extensions, TransactTime and all: the order of the wire is the engine's, by tag. What
// stands in place of the extensions is in TestAnswersWithoutExtensions.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		title, name    string
		event          event.Type
		sections, want string
	}{
		{
			"spot filled, 4.4", "spot 4.4", contract.TradeRegistered, spotSections,
			"8 1=C000900|6=1.08432|11=S-1|14=1000000|15=EUR|17=decision-1|31=1.08432|32=1000000|37=TRADE|38=1000000|39=2|40=D|44=1.08432|" +
				"54=1|55=EUR/USD|60=20261124-12:00:00.200|63=0|64=20261127|75=20261124|119=1084320|120=USD|150=F|151=0|167=FXSPOT|194=1.08432",
		},
		{
			"spot filled, 5.0", "spot 5.0", contract.TradeRegistered, spotSections,
			"8 1=C000900|6=1.08432|11=S-1|14=1000000|15=EUR|17=decision-1|31=1.08432|32=1000000|37=TRADE|38=1000000|39=2|40=D|44=1.08432|" +
				"54=1|55=EUR/USD|60=20261124-12:00:00.200|63=0|64=20261127|75=20261124|120=USD|150=F|151=0|167=FXSPOT|194=1.08432|1056=1084320",
		},
		{
			"forward filled, second currency dealt", "forward by tenor 5.0", contract.TradeRegistered, yenSections,
			"8 1=C000900|6=148.2|11=F-1|14=250000000|15=JPY|17=decision-1|31=148.2|32=250000000|37=TRADE|38=250000000|39=2|40=2|44=148.2|" +
				"54=2|55=USD/JPY|60=20261124-12:00:00.200|63=M3|64=20270226|75=20261124|120=USD|150=F|151=0|167=FXFWD|194=149.1|195=-0.9|1056=1686909.58",
		},
		{
			"forward filled, pair the other way round", "forward by tenor 4.4", contract.TradeRegistered,
			strings.Replace(yenSections, "USD/JPY", "JPY/USD", 1),
			"8 1=C000900|6=148.2|11=F-1|14=250000000|15=JPY|17=decision-1|31=148.2|32=250000000|37=TRADE|38=250000000|39=2|40=2|44=148.2|" +
				"54=2|55=USD/JPY|60=20261124-12:00:00.200|63=M3|64=20270226|75=20261124|119=1686909.58|120=USD|150=F|151=0|167=FXFWD",
		},
		{
			"swap as one order filled", "swap as one order", contract.TradeRegistered, swapSections,
			"8 1=C000900|6=1.08|11=W-3|14=1000000|15=EUR|17=decision-1|31=1.08|32=1000000|37=TRADE|38=1000000|39=2|40=G|44=1.08|54=1|55=EUR/USD|" +
				"60=20261124-12:00:00.200|64=20261127|75=20261124|119=1080000|120=USD|150=F|151=0|167=FXSWAP|192=900000|193=20270226|194=1.08|195=0|640=1.0791|641=-0.0009",
		},
		{
			"swap by legs filled, 4.4", "swap by legs 4.4", contract.TradeRegistered, swapSections,
			"8 1=C000900|6=1.08|11=W-1|14=1000000|15=EUR|17=decision-1|31=1.08|32=1000000|37=TRADE|38=1000000|39=2|40=D|44=1.08|54=B|55=EUR/USD|" +
				"60=20261124-12:00:00.200|75=20261124|119=1080000|120=USD|150=F|151=0|167=FXSWAP|194=1.08|195=0|442=3|" +
				"555=2|600=EUR/USD|624=2|556=EUR|687=1000000|654=N|587=0|588=20261127|637=1.08|600=EUR/USD|624=1|556=EUR|687=1000000|654=F|587=M1|588=20270226|637=1.085",
		},
		{
			"swap by points filled, 5.0", "swap by points 5.0", contract.TradeRegistered, swapSections,
			"8 1=C000900|6=1.08|11=W-2|14=1000000|15=EUR|17=decision-1|31=1.08|32=1000000|37=TRADE|38=1000000|39=2|40=2|44=1.08|54=1|55=EUR/USD|" +
				"60=20261124-12:00:00.200|75=20261124|120=USD|150=F|151=0|167=FXSWAP|194=1.08|195=0|442=3|" +
				"555=2|600=EUR/USD|624=1|556=EUR|587=0|588=20261127|637=1.08|1073=0|1074=1080000|1418=1000000|" +
				"600=EUR/USD|624=2|556=EUR|588=20270226|637=1.0788|1073=-0.0012|1074=971190|1418=1000000|1056=1080000|1071=-0.0012",
		},
		{
			"forward rejected, client as party", "forward by date, client as party 4.4", contract.TradeRejected, overLine,
			"8 1=A1|6=0|11=F-2|14=0|15=EUR|17=decision-1|37=TRADE|38=5|39=8|40=2|44=1.09|54=1|55=EUR/USD|" +
				"58=client/C000900: limit 1000000 USD, used 900000, asked 200000|60=20261124-12:00:00.250|63=B|103=3|150=8|151=0|453=1|448=C000900|447=D|452=3",
		},
		{
			"spot rejected, 5.0", "spot 5.0", contract.TradeRejected, overLine,
			"8 1=C000900|6=0|11=S-1|14=0|15=EUR|17=decision-1|37=TRADE|38=1000000|39=8|40=D|44=1.08432|54=1|55=EUR/USD|" +
				"58=client/C000900: limit 1000000 USD, used 900000, asked 200000|60=20261124-12:00:00.250|63=0|103=25|150=8|151=0",
		},
		{
			"report accepted, 4.4", "report 4.4", contract.TradeRegistered, spotSections,
			"AR 17=decision-1|55=EUR/USD|60=20261124-12:00:00.200|150=F|487=0|571=R-1|818=TRADE|856=0|939=0",
		},
		{
			"report accepted, 5.0", "report 5.0", contract.TradeRegistered, spotSections,
			"AR 17=decision-1|55=EUR/USD|60=20261124-12:00:00.200|150=F|487=0|571=R-1|856=0|939=0|1003=TRADE",
		},
		{
			"report accepted, flagged", "report 4.4", contract.TradeRegistered, flagged(spotSections),
			"AR 17=decision-1|55=EUR/USD|58=off_market, closed_date: the rate 1.2 is off; on a holiday|60=20261124-12:00:00.200|150=F|487=0|571=R-1|818=TRADE|856=0|939=0",
		},
		{
			"spot filled on a broken date", "spot 5.0", contract.TradeRegistered, flagged(spotSections),
			"8 1=C000900|6=1.08432|11=S-1|14=1000000|15=EUR|17=decision-1|31=1.08432|32=1000000|37=TRADE|38=1000000|39=2|40=D|44=1.08432|" +
				"54=1|55=EUR/USD|58=off_market, closed_date: the rate 1.2 is off; on a holiday|60=20261124-12:00:00.200|63=0|64=20261127|75=20261124|120=USD|150=F|151=0|167=FXSPOT|194=1.08432|1056=1084320",
		},
		{
			"report rejected", "report 5.0", contract.TradeRejected, `"rejected":{"code":"off_market","text":"rate 9.9 is too far\u0001from \u20ac 1.08"}`,
			"AR 17=decision-1|55=EUR/USD|58=rate 9.9 is too far from ? 1.08|60=20261124-12:00:00.250|150=F|487=0|571=R-1|751=5|856=0|939=1",
		},
		{
			"check approved", "reserve DF", contract.LineCheckCompleted, `"result":{"decision":"approved","approved_amount":"1000000","currency":"EUR","expires_at":"2026-11-24T12:05:00Z",` +
				`"nodes":[{"node":"client/C000900","limit":"1000","before":"100","after":"300"},{"node":"desk/D","limit":"900","before":"700","after":"800"}]}`,
			"DG 15=EUR|54=1|55=EUR/USD|60=20261124-12:00:00.250|126=20261124-12:05:00.000|453=1|448=C000900|447=D|452=3|1630=1|1631=0|1632=100|1633=100|1634=USD|" +
				"2318=L-1|2319=CHECK|2320=0|2321=0|2324=1000000|2325=0|2326=0|2327=1000000",
		},
		{
			"check rejected", "reserve UDF", contract.LineCheckRejected, `"rejected":{"code":"line_exceeded","text":"too much","nodes":[{"node":"client/C000900","limit":"1000","before":"900","after":"1100"}]}`,
			"UDG 15=EUR|54=1|55=EUR/USD|60=20261124-12:00:00.250|453=1|448=C000900|447=D|452=3|1328=too much|1630=1|1631=0|1632=0|1633=100|1634=USD|" +
				"2318=L-1|2319=CHECK|2320=0|2321=0|2324=1000000|2325=2|2326=2",
		},
		{
			"check consumed", "consume DF", contract.LineCheckCompleted, `"result":{"decision":"consumed","approved_amount":"1000000","currency":"EUR"}`,
			"DG 60=20261124-12:00:00.250|453=1|448=C000900|447=D|452=3|2318=L-2|2319=TARGET|2320=0|2321=1|2322=L-1|2325=0|2326=0|2327=1000000",
		},
		{
			"check of an unknown reference", "consume DF", contract.LineCheckRejected, `"rejected":{"code":"unknown_reservation","text":"no L-1"}`,
			"DG 60=20261124-12:00:00.250|453=1|448=C000900|447=D|452=3|1328=no L-1|2318=L-2|2320=0|2321=1|2322=L-1|2325=2|2326=99",
		},
		{
			"check that differs", "consume DF", contract.LineCheckRejected, `"rejected":{"code":"reservation_differs","text":"no"}`,
			"DG 60=20261124-12:00:00.250|453=1|448=C000900|447=D|452=3|1328=no|2318=L-2|2319=TARGET|2320=0|2321=1|2322=L-1|2325=2|2326=99",
		},
		{
			"check cancelled", "cancel UDF", contract.LineCheckCompleted, `"result":{"decision":"cancelled"}`,
			"UDG 60=20261124-12:00:00.250|453=1|448=C000900|447=D|452=3|2318=L-3|2319=TARGET|2320=1|2321=0|2325=4|2326=0",
		},
	} {
		t.Run(c.title, func(t *testing.T) {
			s, e := decided(t, c.name, c.event, c.sections)
			m, err := extended().FromEvent(s, e)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.NewReplacer("TRADE", e.Correlation, "CHECK", e.Correlation, "TARGET", target(t, e)).Replace(c.want)
			if got := readable(m); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			valid(t, s, m)
		})
	}
}

func target(t *testing.T, e event.Event) string {
	var view CheckRequested
	if err := e.Read(&view); err != nil {
		t.Fatal(err)
	}
	return view.Request.Target
}

// valid checks that a provider with our dictionary takes the answer.
func valid(t *testing.T, s Session, m interface{ String() string }) {
	t.Helper()
	c := loadDictionaries(t, s)
	raw := m.String()
	inner := raw[strings.Index(raw, "35="):strings.LastIndex(raw, "10=")]
	msgType, body, _ := strings.Cut(strings.TrimPrefix(inner, "35="), "\x01")
	parsed := c.parse(t, frame(s.BeginString, msgType, s.Provider, 2, noon, body))
	if err := c.validator.Validate(parsed); err != nil {
		t.Errorf("%s: %v, tag %d", readable(parsed), err, refTag(err))
	}
}

// Orders hear that they are pending; FIX 4.4 has no such answer to a report, and a line check is decided at once.
func TestPending(t *testing.T) {
	d := New(Settings{})
	for _, s := range samples() {
		m := loadDictionaries(t, s.session).receive(t, s.session, s.msgType, s.body)
		in, reject := d.ToEvent(s.session, always("entry-1"), noon, m)
		if reject != nil {
			t.Fatal(reject)
		}
		got, has := d.Pending(s.session, in.Event)
		if want := s.msgType == "D" || s.msgType == "AB"; has != want {
			t.Errorf("%s: pending %v, want %v", s.name, has, want)
		}
		if !has {
			continue
		}
		text := "|" + readable(got) + "|"
		for _, part := range []string{"|150=A|", "|39=A|", "|14=0|", "|6=0|", "|17=entry-1|", "|37=" + in.Event.Correlation + "|"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: no %s in %s", s.name, part, text)
			}
		}
		valid(t, s.session, got)
	}
}

// What decides an order also says that it was pending, for a provider that was not told before: in the same words, and as a report of its
// own.
func TestPendingFromTheDecision(t *testing.T) {
	d := New(Settings{})
	for _, of := range samples() {
		s, e := decided(t, of.name, contract.TradeRejected, `"rejected":{"code":"unknown_client","text":"no"}`)
		got, has := d.Pending(s, e)
		if want := of.msgType == "D" || of.msgType == "AB"; has != want {
			t.Errorf("%s: pending %v, want %v", of.name, has, want)
		}
		if !has {
			continue
		}
		first, _ := d.Pending(s, event.Event{Type: contract.TradeRequested, ID: "request-1", Correlation: e.Correlation, Time: e.Time, Data: e.Data})
		report, ids := readable(got), regexp.MustCompile(`(^|\|)17=[^|]*`)
		if ids.ReplaceAllString(report, "") != ids.ReplaceAllString(readable(first), "") {
			t.Errorf("%s:\n%s\n%s", of.name, report, readable(first))
		}
		if strings.Contains(report, "17=decision-1") {
			t.Errorf("%s: two reports have one ExecID: %s", of.name, report)
		}
		valid(t, s, got)
	}
}

// An event that is delivered twice, and late, is answered in the same bytes.
func TestSameEventSameAnswer(t *testing.T) {
	s, e := decided(t, "swap by legs 5.0", contract.TradeRegistered, swapSections)
	first, err := New(Settings{}).FromEvent(s, e)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := New(Settings{}).FromEvent(s, e)
		if err != nil || again.String() != first.String() {
			t.Fatalf("%v:\n%s\n%s", err, first, again)
		}
	}
}

func TestEventsWithoutAnAnswer(t *testing.T) {
	d := New(Settings{})
	for _, typ := range []event.Type{contract.TradeRepeated, contract.LineCheckRepeated, contract.TradeValidated} {
		s, e := decided(t, "spot 4.4", typ, "")
		if _, err := d.FromEvent(s, e); !errors.Is(err, ErrNoAnswer) {
			t.Errorf("%s: %v", typ, err)
		}
	}
	for name, data := range map[string]string{
		"not ours":     `{"request":{"trade_id":"1"},"registered":{}}`,
		"not decided":  `{"request":{"legs":[{}],"echo":{"35":"D"}}}`,
		"a leg short":  `{"request":{"legs":[{},{}],"echo":{"35":"AB"}},"validated":{"legs":[{}]},"registered":{}}`,
		"another form": `{"request":[]}`,
	} {
		_, e := decided(t, "spot 4.4", contract.TradeRegistered, "")
		e.Data = json.RawMessage(data)
		if m, err := d.FromEvent(session44, e); err == nil {
			t.Errorf("%s: answered %s", name, readable(m))
		}
	}
}

// Each code of the core stands in the providers' table of reasons.
func TestROENamesEachReason(t *testing.T) {
	roe, err := os.ReadFile(roePath)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(roe), "\n### Reasons\n")
	table, _, found := strings.Cut(rest, "\n## ")
	if !found {
		t.Fatalf("%s has no section Reasons", roePath)
	}
	for _, code := range reason.All() {
		if !regexp.MustCompile(`(?m)^\|[a-z_, ]*\b` + string(code) + `\b`).MatchString(table) {
			t.Errorf("%s does not name %s", roePath, code)
		}
	}
}

// Every code of the core has a reason in FIX, and only values that the version knows.
func TestReasons(t *testing.T) {
	known44 := " 0 1 2 3 4 5 6 11 13 15 99 "
	vectors := map[reason.Code][5]string{ // 103 in 4.4, 103 in 5.0, 751 in 4.4, 751 in 5.0, 2326
		"unauthorised": {"0", "0", "3", "3", "1"}, "unknown_client": {"15", "15", "1", "1", "1"}, "client_blocked": {"0", "0", "1", "1", "1"},
		"product_not_allowed": {"11", "11", "4", "4", "99"}, "pair_not_allowed": {"0", "0", "3", "3", "99"}, "size_exceeded": {"3", "27", "99", "7", "4"},
		"duplicate": {"6", "6", "99", "99", "99"}, "expired": {"4", "4", "99", "99", "99"}, "unknown_pair": {"1", "1", "2", "2", "99"},
		"same_currency": {"1", "1", "2", "2", "99"}, "invalid_amount": {"13", "13", "99", "99", "99"}, "over_precise": {"13", "13", "99", "99", "99"},
		"invalid_date": {"11", "11", "99", "99", "99"}, "holiday": {"11", "11", "99", "99", "99"}, "past_date": {"11", "11", "99", "99", "99"},
		"beyond_max_tenor": {"11", "11", "99", "99", "99"}, "stale_rate": {"99", "19", "99", "6", "99"}, "off_market": {"99", "16", "99", "5", "99"},
		"no_static_data": {"99", "19", "99", "6", "99"}, "line_exceeded": {"3", "25", "99", "99", "2"}, "settlement_exceeded": {"3", "25", "99", "99", "2"},
		"clip_exceeded": {"3", "26", "99", "7", "3"}, "unknown_reservation": {"5", "5", "99", "99", "99"}, "reservation_ended": {"4", "4", "99", "99", "99"},
		"reservation_differs": {"99", "99", "99", "99", "99"},
		"currency_unknown":    {"1", "1", "2", "2", "99"}, "a code to come": {"99", "99", "99", "99", "99"},
		"account_mismatch": {"15", "15", "1", "1", "99"}, "cut_off_passed": {"4", "4", "99", "99", "99"}, "unknown_quote": {"99", "99", "99", "99", "99"},
		"quote_expired": {"4", "4", "99", "99", "99"}, "quote_mismatch": {"99", "99", "99", "99", "99"}, "contradiction": {"99", "99", "99", "99", "99"},
	}
	for _, code := range reason.All() {
		if _, translated := fixReasons[code]; !translated || vectors[code] == [5]string{} {
			t.Errorf("%s has no entry in fixReasons, or none in this test", code)
		}
	}
	for code, want := range vectors {
		r := reasonOf(code)
		modern := extended().agreedOn(session50)
		got := [5]string{r.order(session44), r.order(modern), r.report(session44), r.report(modern), r.check}
		if got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
		if !strings.Contains(known44, " "+got[0]+" ") {
			t.Errorf("%s: FIX 4.4 has no OrdRejReason %s", code, got[0])
		}
	}
}

// flagged adds flags to the sections of a trade that is done.
func flagged(sections string) string {
	return strings.Replace(sections, `"validated":{`, `"validated":{"flags":[{"flag":"off_market","leg":1,"text":"the rate 1.2 is off"},{"flag":"closed_date","leg":1,"text":"on a holiday"}],`, 1)
}
