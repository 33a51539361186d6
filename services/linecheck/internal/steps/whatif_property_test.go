package steps

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// The size of one run. Each run has a schema of its own.
const (
	whatIfRuns   = 4
	whatIfRounds = 12
)

// Whatever the lines carry and whatever is asked: the what-if says what the real check then does, for each trade by itself and for
// all of them one after the other. It writes nothing. What lines are said to carry is what their reservations add up to.
func TestAWhatIfIsWhatTheCheckThenDoes(t *testing.T) {
	t.Parallel()
	for range whatIfRuns {
		seed := rand.Uint64()
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			x := newSupposing(t, seed)
			refused := 0
			for range whatIfRounds {
				refused += x.round()
			}
			if refused == 0 || refused == x.trades {
				t.Errorf("%d of %d trades were refused: the test has to see both", refused, x.trades)
			}
		})
	}
}

// supposing is one run.
type supposing struct {
	t      *testing.T
	pool   *pgxpool.Pool
	rnd    *rand.Rand
	real   amqp.Handler
	asks   Questions
	who    access.Caller // of the current round
	trades int           // that were dealt
}

func newSupposing(t *testing.T, seed uint64) *supposing {
	t.Helper()
	x := &supposing{t: t, pool: schema(t), rnd: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // the seed is in the test's name
	s := snapshot()
	s.Clients["C000002"] = directory.Client{Group: "G0001", Desk: "FXS1", Netted: true}
	s.Members = map[string][]string{"G0001": {"C000001", "C000002"}}
	for key, limit := range map[string]line.Limit{
		"group/G0001":    {Amount: x.amount(200_000, 500_000)},
		"desk/FXS1":      {Amount: x.amount(400_000, 600_000), Settlement: decimal.NewNullDecimal(x.amount(4_000_000, 6_000_000))},
		"client/C000002": {Amount: x.amount(100_000, 400_000), Clip: decimal.NewNullDecimal(x.amount(700_000, 1_000_000))},
		"dealer/U1":      {Amount: x.amount(100_000, 300_000)},
	} {
		n, err := line.ParseNode(key)
		if err != nil {
			t.Fatal(err)
		}
		s.Limits[n] = usd(limit)
	}
	x.real = at(noon, all(static{snapshot: s})).Handler(x.pool, "linecheck/1", testkit.Log(t))
	x.asks = asking(t, x.pool, static{snapshot: s})
	return x
}

func (x *supposing) amount(from, to int64) decimal.Decimal {
	return decimal.NewFromInt(from + x.rnd.Int64N(to-from))
}

// round asks about up to three trades, deals them, and lets some of them be registered. It returns how many were refused.
func (x *supposing) round() (refused int) {
	x.t.Helper()
	trades := make([]messages.Supposed, 1+x.rnd.IntN(3))
	for i := range trades {
		trades[i] = x.draw()
	}
	before := content(x.t, x.pool)
	x.who = []access.Caller{everyone(), *traderOfFXS1("U1")}[x.rnd.IntN(2)]
	told := whatIfOf(x.t, x.asks, x.who, trades...)
	if diff := cmp.Diff(before, content(x.t, x.pool)); diff != "" {
		x.t.Errorf("the question has changed the tables: %s", diff)
	}
	var reserved []event.Event
	for i, trade := range trades {
		answer := x.deal(trade, told.Trades[i])
		x.same(told, i, answer, len(trades) == 1)
		if answer.Type == contract.TradeReserved {
			reserved = append(reserved, answer)
		}
	}
	x.carried(told.Together)
	x.end(reserved)
	x.balances()
	return len(told.Together.Refused)
}

// draw returns a spot, a forward or a swap of a client, in one of the currencies.
func (x *supposing) draw() messages.Supposed {
	pick := func(of ...string) string { return of[x.rnd.IntN(len(of))] }
	leg := messages.SupposedLeg{
		Side: pick("buy", "sell"), Amount: x.amount(1, 900_000).String(), Rate: pick("1", "1.02", "0.98", "1.00317"), Tenor: pick("SPOT", "1W", "1M", "6M"),
	}
	s := messages.Supposed{
		Client: pick("C000001", "C000002"), Pair: "EUR/USD", Currency: pick("EUR", "USD"), Legs: []messages.SupposedLeg{leg},
	}
	if leg.Tenor == "SPOT" && x.rnd.IntN(2) == 0 {
		far := leg
		far.Tenor = pick("1W", "1M")
		far.Side = map[string]string{"buy": "sell", "sell": "buy"}[leg.Side]
		s.Legs = append(s.Legs, far)
	}
	return s
}

// deal delivers the trade as trading does, and returns what linecheck publishes.
func (x *supposing) deal(s messages.Supposed, o messages.Outcome) event.Event {
	x.t.Helper()
	x.trades++
	trade := spot{"T" + strconv.Itoa(x.trades), s.Client, "1"}
	data := trade.data()
	if x.who.Holder().Reach(rights.EnterTrade) != rights.Nothing {
		dealtBy(x.who.User)(data)
	}
	validated := data["validated"].(map[string]any)
	var legs []any
	for i, leg := range s.Legs {
		legs = append(legs, x.leg(s, leg, o.ValueDates[i]))
	}
	validated["legs"] = legs
	return x.deliver(message(x.t, contract.TradeValidated, trade.id(), "", noon.Add(time.Minute), data))
}

// end registers some of the reserved trades, rejects others, and leaves the rest open.
func (x *supposing) end(reserved []event.Event) {
	x.t.Helper()
	for _, e := range reserved {
		switch x.rnd.IntN(3) {
		case 0:
			x.deliver(message(x.t, contract.TradeRegistered, e.Correlation, "", noon, e.Data))
		case 1:
			x.deliver(message(x.t, contract.TradeRejected, e.Correlation, "", noon, e.Data))
		}
	}
}

// leg is a leg as trading validates it. The euro is exact to the cent at each of the rates.
func (x *supposing) leg(s messages.Supposed, l messages.SupposedLeg, valueDate string) map[string]any {
	amount, rate := dec(l.Amount), dec(l.Rate)
	base, quote, side := amount, amount.Mul(rate).Round(2), l.Side
	if s.Currency == "USD" {
		base, quote, side = amount.DivRound(rate, 2), amount, map[string]string{"buy": "sell", "sell": "buy"}[l.Side]
	}
	return map[string]any{
		"value_date": valueDate, "base": "EUR", "base_side": side, "base_amount": base, "quote": "USD", "quote_amount": quote, "rate": rate,
	}
}

// deliver returns the event that e leads to, if there is one.
func (x *supposing) deliver(e event.Event) event.Event {
	x.t.Helper()
	r := x.real.Handle(context.Background(), []event.Event{e})[0]
	if r.Err != nil {
		x.t.Fatal(r.Err)
	}
	if len(r.Emit) == 0 {
		return event.Event{}
	}
	return r.Emit[0]
}

// same compares what was told with what the check did. A trade that was not the only one is compared with its place in the sequence.
func (x *supposing) same(told messages.WhatIfAnswer, i int, did event.Event, only bool) {
	x.t.Helper()
	a := read[answered](x.t, did)
	var inSequence *messages.Refusal
	for _, r := range told.Together.Refused {
		if r.Trade == i {
			inSequence = &r.Refusal
		}
	}
	if (inSequence != nil) != (did.Type == contract.TradeRejected) || (inSequence != nil && (inSequence.Code != a.Rejected.Code || inSequence.Text != a.Rejected.Text)) {
		x.t.Errorf("in sequence: %+v was told, the check did %s %+v", inSequence, did.Type, a.Rejected)
	}
	alone := told.Trades[i]
	if inSequence == nil {
		if want := a.Reserved.Basis; !alone.Exposure.Equal(a.Reserved.Exposure) || cmp.Diff(want, *alone.Basis) != "" {
			x.t.Errorf("exposure %s on %+v was told, the check has %s on %+v", alone.Exposure, alone.Basis, a.Reserved.Exposure, want)
		}
	}
	if !only {
		return
	}
	if (alone.Refused != nil) != (inSequence != nil) || cmp.Diff(nodesIn(x.t, alone.Nodes), append(a.Reserved.Nodes, a.Rejected.Nodes...)) != "" {
		x.t.Errorf("alone: %+v %s was told, the check did %s", alone.Refused, alone.Nodes, did.Data)
	}
}

// carried compares the lines after the last trade with what was told of them.
func (x *supposing) carried(told messages.InSequence) {
	x.t.Helper()
	lines := map[string]messages.Line{}
	for _, l := range linesOf(x.t, x.asks, everyone(), map[string]any{}).Lines {
		lines[l.Node] = l
	}
	for _, n := range told.Nodes {
		if l := lines[n.Node]; !l.Used.Equal(n.After) {
			x.t.Errorf("%s was to carry %s and carries %s", n.Node, n.After, l.Used)
		}
	}
}

// balances compares what lines are told to carry with what their reservations add up to.
func (x *supposing) balances() {
	x.t.Helper()
	mustBalance(x.t, x.pool)
	for _, l := range linesOf(x.t, x.asks, everyone(), map[string]any{}).Lines {
		var reserved, consumed, peak decimal.Decimal
		err := x.pool.QueryRow(x.t.Context(), `select coalesce(sum(reserved), 0), coalesce(sum(consumed), 0),
			coalesce((select max(used) from recomputed_settlement where node = $1), 0) from recomputed_usage where node = $1`, l.Node).
			Scan(&reserved, &consumed, &peak)
		told := decimal.Zero
		if l.SettlementPeak != nil {
			told = l.SettlementPeak.Amount
		}
		if err != nil || !reserved.Equal(l.Reserved) || !consumed.Equal(l.Consumed) || !told.Equal(peak) {
			x.t.Errorf("%s: %s, %v; recomputed %s, %s, at most %s a day", l.Node, fmt.Sprint(l.Reserved, l.Consumed, told), err, reserved, consumed, peak)
		}
	}
}
