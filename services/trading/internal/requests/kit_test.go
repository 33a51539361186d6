package requests_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/market"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/pricing"
	"fxcore/services/trading/internal/realdata"
	"fxcore/services/trading/internal/requests"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/valuedate"
)

// now is a Tuesday morning: EUR/USD settles on Friday, past Thanksgiving.
var now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// static is one market that never changes, or the reason why there is none.
type static struct {
	market *market.Market
	err    error
}

func (s static) Market() (*market.Market, error) { return s.market, s.err }

// marketAt deals EUR/USD at 1.1172, as of two seconds before at.
func marketAt(t testing.TB, at time.Time) static {
	t.Helper()
	mids := map[string]pricing.Mid{}
	for currency, rate := range realdata.Rates(t, "2026-10-30") {
		mids[currency] = pricing.Mid{Rate: rate, AsOf: at.Add(-2 * time.Second)}
	}
	directory := market.NewDirectory(market.Static{
		Currencies: map[string]market.Currency{
			"EUR": {Code: "EUR", MinorUnits: 2, DepositRate: decimal.RequireFromString("0.02")},
			"USD": {Code: "USD", MinorUnits: 2, DepositRate: decimal.RequireFromString("0.04")},
		},
		Pairs: []market.Terms{{
			Base: "EUR", Quote: "USD", SpotLag: 2, Decimals: 5, PointsFactor: decimal.NewFromInt(10_000),
			Tolerance: pricing.Tolerance(decimal.RequireFromString("0.005")), MaxRateAge: time.Hour,
		}},
		Calendars: realdata.Calendars(t), AsOf: at, MaxAge: 24 * time.Hour,
	})
	return static{market: market.New(directory, mids)}
}

func handler(t testing.TB, s requests.Static) *requests.Handler {
	t.Helper()
	return requests.New(s, rules.Rules{Rollover: rollover(t), MaxTenorYears: 5, ReportTolerance: decimal.NewFromInt(4)})
}

func rollover(t testing.TB) valuedate.Rollover {
	t.Helper()
	r, err := valuedate.NewRollover()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// decide handles events in memory, one batch, at one time, and returns what each led to.
func decide(t *testing.T, h *requests.Handler, at time.Time, events ...event.Event) []event.Event {
	t.Helper()
	var emitted []event.Event
	s := h.Load(&pgx.Batch{}, events)
	for _, e := range events {
		next, err := h.Decide(s, at, e)
		if err != nil {
			t.Fatal(err)
		}
		emitted = append(emitted, next...)
	}
	return emitted
}

// authorized is trade.authorized with the data of the file in testdata, after one change to its request.
func authorized(t *testing.T, change func(*messages.Request)) event.Event {
	t.Helper()
	raw, err := os.ReadFile("testdata/trade.authorized.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Request    messages.Request `json:"request"`
		Authorized json.RawMessage  `json:"authorized"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	change(&data.Request)
	return newEvent(t, messages.TradeAuthorized, data.Request.TradeID, data)
}

func newEvent(t *testing.T, typ event.Type, tradeID string, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(typ.Name, tradeID), "alpha", tradeID, data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// reserved is what linecheck makes of a validated event, with a reservation that holds until the given time.
func reserved(t *testing.T, validated event.Event, until time.Time) event.Event {
	t.Helper()
	data, err := messages.With(validated.Data, "reserved", map[string]any{
		"reservation_id": validated.Correlation, "expires_at": until, "currency": "USD", "exposure": "63680.40",
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := validated.Next(messages.TradeReserved, data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// codeOf is the code of a rejection.
func codeOf(t *testing.T, e event.Event) string {
	t.Helper()
	var view messages.Rejected
	if err := e.Read(&view); err != nil {
		t.Fatal(err)
	}
	return view.Rejected.Code
}

func unchanged(*messages.Request) {}
