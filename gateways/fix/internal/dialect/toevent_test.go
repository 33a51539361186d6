package dialect

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fxcore/lambda/event"
)

// Every sample is valid by our dictionaries and becomes an event of the contract's form.
func TestSamplesBecomeEvents(t *testing.T) {
	d := New(Settings{})
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			m := loadDictionaries(t, s.session).receive(t, s.session, s.msgType, s.body)
			in, reject := d.ToEvent(s.session, always("entry-1"), noon, m)
			if reject != nil {
				t.Fatalf("refused: %v, tag %d", reject, refTag(reject))
			}
			e := in.Event
			if err := e.Validate(); err != nil {
				t.Fatal(err)
			}
			want := "trade.requested." + strings.ToLower(s.session.Provider)
			if strings.HasSuffix(s.msgType, "DF") {
				want = "linecheck.requested." + strings.ToLower(s.session.Provider)
			}
			if e.Key() != want || e.ID != "entry-1" || !e.Deadline.Equal(noon.Add(time.Minute)) || !e.Time.Equal(noon) {
				t.Errorf("envelope: %+v, want key %s", e, want)
			}
		})
	}
}

func readTrade(t *testing.T, s Session, msgType, body string) Trade {
	t.Helper()
	view, e := viewOf[TradeRequested](t, s, msgType, body)
	if view.Request.TradeID != e.Correlation || view.Request.TradeID == "" {
		t.Errorf("trade id %q, correlation %q", view.Request.TradeID, e.Correlation)
	}
	return view.Request
}

func readCheck(t *testing.T, s Session, msgType, body string) Check {
	t.Helper()
	view, _ := viewOf[CheckRequested](t, s, msgType, body)
	return view.Request
}

// viewOf returns the event that a message becomes, and its data.
func viewOf[T any](t *testing.T, s Session, msgType, body string) (view T, e event.Event) {
	t.Helper()
	m := loadDictionaries(t, s).receive(t, s, msgType, body)
	in, reject := New(Settings{}).ToEvent(s, always("e"), noon, m)
	if reject != nil {
		t.Fatalf("refused: %v, tag %d", reject, refTag(reject))
	}
	if err := in.Event.Read(&view); err != nil {
		t.Fatal(err)
	}
	return view, in.Event
}

func bodyOf(t *testing.T, name string) sample {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no sample %q", name)
	return sample{}
}

func TestRequestSectionOfEachForm(t *testing.T) {
	ignoreIDs := cmpopts.IgnoreFields(Trade{}, "TradeID", "Digest")
	base := Trade{TradeDate: "2026-11-24", TransactedAt: noon, Client: "C000900", Kind: KindRequest, Pair: "EUR/USD", Currency: "EUR"}
	cases := map[string]func(*Trade){
		"spot 4.4": func(w *Trade) {
			w.Provider, w.Reference, w.Product, w.QuoteID = "SANDBOX44", "S-1", ProductSpot, "Q1"
			w.Legs = []Leg{{Side: "buy", Amount: "1000000", Rate: "1.08432", Tenor: "SPOT"}}
			w.Echo = TradeEcho{Form: "D", Side: "1", OrdType: "D", SettlType: "0"}
		},
		"spot, shortest 5.0": func(w *Trade) {
			w.Provider, w.Reference, w.Product = "SANDBOX50", "S-2", ProductSpot
			w.Legs = []Leg{{Side: "sell", Amount: "1000000", Rate: "1.08432", Tenor: "SPOT"}}
			w.Echo = TradeEcho{Form: "D", Side: "2", OrdType: "2"}
		},
		"forward by tenor 5.0": func(w *Trade) {
			w.Provider, w.Reference, w.Product, w.Pair, w.Currency = "SANDBOX50", "F-1", ProductForward, "USD/JPY", "JPY"
			w.Legs = []Leg{{Side: "sell", Amount: "250000000", Rate: "148.2", Tenor: "3M"}}
			w.Echo = TradeEcho{Form: "D", Side: "2", OrdType: "2", SettlType: "M3"}
		},
		"forward by date, client as party 4.4": func(w *Trade) {
			w.Provider, w.Reference, w.Product, w.Account = "SANDBOX44", "F-2", ProductForward, "A1"
			w.Legs = []Leg{{Side: "buy", Amount: "5", Rate: "1.09", ValueDate: "2026-12-30"}}
			w.Echo = TradeEcho{Form: "D", Side: "1", OrdType: "2", SettlType: "B", Party: true}
		},
		"swap by legs 4.4": func(w *Trade) {
			w.Provider, w.Reference, w.Product = "SANDBOX44", "W-1", ProductSwap
			w.Legs = []Leg{{Side: "sell", Amount: "1000000", Rate: "1.08", Tenor: "SPOT"}, {Side: "buy", Amount: "1000000", Rate: "1.085", Tenor: "1M"}}
			w.Echo = TradeEcho{Form: "AB", Side: "B", Qty: "1000000", OrdType: "D", Legs: []LegEcho{{RefID: "N", SettlType: "0"}, {RefID: "F", SettlType: "M1"}}}
		},
		"swap by points 5.0": func(w *Trade) {
			w.Provider, w.Reference, w.Product = "SANDBOX50", "W-2", ProductSwap
			w.Legs = []Leg{{Side: "buy", Amount: "1000000", Rate: "1.08", Tenor: "SPOT"}, {Side: "sell", Amount: "1000000", Rate: "1.0788", ValueDate: "2027-02-26"}}
			w.Echo = TradeEcho{Form: "AB", Side: "1", Qty: "1000000", OrdType: "2", Legs: []LegEcho{{SettlType: "0"}, {}}}
		},
		"swap as one order": func(w *Trade) {
			w.Provider, w.Reference, w.Product = "SANDBOX44", "W-3", ProductSwap
			w.Legs = []Leg{{Side: "buy", Amount: "1000000", Rate: "1.08", ValueDate: "2026-11-27"}, {Side: "sell", Amount: "900000", Rate: "1.0791", ValueDate: "2027-02-26"}}
			w.Echo = TradeEcho{Form: "D", Side: "1", OrdType: "G"}
		},
		"report 4.4": func(w *Trade) {
			w.Provider, w.Reference, w.Product, w.Kind = "SANDBOX44", "R-1", ProductSpot, KindReport
			w.ReportedTradeDate = "2026-11-24"
			w.Legs = []Leg{{Side: "buy", Amount: "1000000", Rate: "1.08432", Tenor: "SPOT"}}
			w.Echo = TradeEcho{Form: "AE", Side: "1"}
		},
		"report 5.0": func(w *Trade) {
			w.Provider, w.Reference, w.Product, w.Kind, w.Currency = "SANDBOX50", "R-1", ProductSpot, KindReport, "USD"
			w.DateDecides = true // beside 63=0
			w.Legs = []Leg{{Side: "buy", Amount: "1000000", Rate: "1.08432", ValueDate: "2026-11-27"}}
			w.Echo = TradeEcho{Form: "AE", Side: "1"}
		},
		"report of a swap 5.0": func(w *Trade) {
			w.Provider, w.Reference, w.Product, w.Kind = "SANDBOX50", "R-2", ProductSwap, KindReport
			w.Legs = []Leg{{Side: "buy", Amount: "1000000", Rate: "1.08", ValueDate: "2026-11-27"}, {Side: "sell", Amount: "1000000", Rate: "1.079", ValueDate: "2027-02-26"}}
			w.Echo = TradeEcho{Form: "AE", Side: "1", Legs: []LegEcho{{}, {}}}
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			s := bodyOf(t, name)
			want := base
			change(&want)
			if diff := cmp.Diff(want, readTrade(t, s.session, s.msgType, s.body), ignoreIDs); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLineCheckActions(t *testing.T) {
	for _, form := range []string{"UDF", "DF"} {
		reserve, consume, cancel := bodyOf(t, "reserve "+form), bodyOf(t, "consume "+form), bodyOf(t, "cancel "+form)
		r := readCheck(t, reserve.session, form, reserve.body)
		want := Check{
			CheckID: r.CheckID, Provider: reserve.session.Provider, Reference: "L-1", Action: ActionReserve, TradeDate: "2026-11-24",
			TransactedAt: noon, Client: "C000900", Product: ProductForward, Pair: "EUR/USD", Currency: "EUR", Side: "buy",
			Amount: "1000000", Tenor: "1M", Digest: r.Digest, Echo: CheckEcho{Form: form, TransType: "0", Type: "0"},
		}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("%s reserve: %s", form, diff)
		}
		if c := readCheck(t, consume.session, form, consume.body); c.Action != ActionConsume || c.Target != r.CheckID {
			t.Errorf("%s consume by reference: %s of %s, want the reservation %s", form, c.Action, c.Target, r.CheckID)
		}
		if c := readCheck(t, cancel.session, form, cancel.body); c.Action != ActionCancel || c.Target != "4b1f0c9a-0000-8000-8000-000000000001" {
			t.Errorf("%s cancel by id: %s of %s", form, c.Action, c.Target)
		}
	}
}

func TestIdsAreThoseOfTheContract(t *testing.T) {
	s := bodyOf(t, "spot 4.4")
	if got, want := readTrade(t, s.session, s.msgType, s.body).TradeID, event.NewID(event.DayOf(noon), "trade", "SANDBOX44", "S-1", "2026-11-24"); got != want {
		t.Errorf("trade id %s, want %s", got, want)
	}
	s = bodyOf(t, "reserve DF")
	if got, want := readCheck(t, s.session, s.msgType, s.body).CheckID, event.NewID(event.DayOf(noon), "linecheck", "SANDBOX50", "L-1", "2026-11-24"); got != want {
		t.Errorf("check id %s, want %s", got, want)
	}
}

// An order sent again has new times and may write its numbers otherwise; it is the same order. Anything that the
// client would notice makes another.
func TestDigestIsOfTheBusinessContent(t *testing.T) {
	order := "11=X|1=C1|63=0|55=EUR/USD|54=1|60=20261124-12:00:00|38=1000|40=2|44=1.08|"
	base := readTrade(t, session44, "D", order).Digest
	for change, same := range map[string]bool{
		"60=20261124-12:00:00 to 60=20261124-12:00:31.250": true,
		"38=1000 to 38=1000.00":                            true,
		"44=1.08 to 44=01.080":                             true,
		"44=1.08| to 44=1.08|15=EUR|":                      true,
		"44=1.08| to 44=1.08|58=again|":                    true,
		"40=2 to 40=D":                                     true,
		"11=X to 11=Y":                                     true, // the reference is the identity, not the content
		"38=1000 to 38=1001":                               false,
		"44=1.08 to 44=1.09":                               false,
		"54=1 to 54=2":                                     false,
		"1=C1 to 1=C2":                                     false,
		"55=EUR/USD to 55=EUR/GBP":                         false,
		"63=0 to 63=M1":                                    false,
		"44=1.08| to 44=1.08|15=USD|":                      false,
		"44=1.08| to 44=1.08|117=Q|":                       false,
	} {
		from, to, _ := strings.Cut(change, " to ")
		got := readTrade(t, session44, "D", strings.Replace(order, from, to, 1)).Digest
		if (got == base) != same {
			t.Errorf("%s: same content %v, want %v", change, got == base, same)
		}
	}
}

// The nearest of TransactTime plus the agreed span, ExpireTime and ValidUntilTime ends a request; a report, made when
// it suits the provider, counts from its arrival.
func TestDeadline(t *testing.T) {
	order := "11=X|1=C1|55=EUR/USD|54=1|60=20261124-11:59:30|38=1000|40=2|44=1.08|"
	report := "571=X|570=N|55=EUR/USD|32=1000|31=1.08|75=20261124|60=20261124-09:00:00|552=1|54=1|37=NONE|1=C1|"
	for _, c := range []struct {
		name, msgType, body string
		want                time.Time
	}{
		{"time plus 60 s", "D", order, noon.Add(30 * time.Second)},
		{"ExpireTime nearer", "D", order + "126=20261124-12:00:05|", noon.Add(5 * time.Second)},
		{"ExpireTime farther", "D", order + "126=20261124-15:00:00|", noon.Add(30 * time.Second)},
		{"ValidUntilTime nearest", "D", order + "126=20261124-12:00:05|62=20261124-12:00:02|", noon.Add(2 * time.Second)},
		{"report from its arrival", "AE", report, noon.Add(60 * time.Second)},
	} {
		m := loadDictionaries(t, session44).receive(t, session44, c.msgType, c.body)
		in, reject := New(Settings{}).ToEvent(session44, always("e"), noon, m)
		if reject != nil {
			t.Fatalf("%s: %v", c.name, reject)
		}
		if !in.Event.Deadline.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.name, in.Event.Deadline, c.want)
		}
	}
}

// The same message is the same event, whenever it comes.
func TestAMessageThatComesTwiceAndLateIsTheSameEvent(t *testing.T) {
	d := New(Settings{})
	for _, s := range samples() {
		c := loadDictionaries(t, s.session)
		first, _ := d.ToEvent(s.session, always("id"), noon, c.receive(t, s.session, s.msgType, s.body))
		again, reject := d.ToEvent(s.session, always("id"), noon.Add(time.Hour), c.receive(t, s.session, s.msgType, s.body))
		if reject != nil {
			t.Fatalf("%s: late: %v", s.name, reject)
		}
		if first.Event.ID != again.Event.ID || first.Event.Correlation != again.Event.Correlation || string(first.Event.Data) != string(again.Event.Data) {
			t.Errorf("%s: %s, late %s", s.name, first.Event.Data, again.Event.Data)
		}
	}
}
