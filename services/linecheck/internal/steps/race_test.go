package steps

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// The number of interleavings. The environment variable asks for a longer run.
const (
	interleavingsVariable = "LINECHECK_INTERLEAVINGS"
	interleavings         = 2_000
	perEpoch              = 15 // steps with one set of clients; the next set has empty lines
)

// Two replicas work on the same few clients at the same time, in random order, and messages are redelivered at random. No
// line is ever exceeded but by a report that is flagged for it, a redelivered message causes the same events, nothing deadlocks, and in the end the usage of
// every node equals the sum of its reservations.
func TestReplicasTogetherNeverExceedALine(t *testing.T) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv(interleavingsVariable), strconv.Itoa(interleavings)))
	if err != nil {
		t.Fatalf("%s: %v", interleavingsVariable, err)
	}
	r := newRace(t)
	watched := r.watch()
	for step := range n {
		if step%perEpoch == 0 {
			r.nextEpoch()
		}
		r.step()
		r.lapse()
		r.mustHold()
		if step%500 == 499 {
			r.mustBalance()
		}
	}
	r.mustBalance()
	if over := watched(); over != "" {
		t.Errorf("in mid-flow: %s", over)
	}
	t.Logf("%d interleavings: %v", n, r.outcomes)
	for _, expected := range []string{
		"linecheck.completed approved", "linecheck.completed consumed", "linecheck.completed cancelled", "linecheck.completed reversed",
		"linecheck.rejected line_exceeded", "linecheck.rejected settlement_exceeded", "linecheck.rejected reservation_ended",
		"linecheck.rejected reservation_differs", "trade.rejected reservation_differs", "taken over", "gave back", "lapsed", "used what was kept",
		"netted swap", "netted swap displaces a check", "gave back what the trade did not need",
		"trade.reserved ", "trade.rejected line_exceeded", "group/", "desk/", "client/",
	} {
		if r.outcomes[expected] == 0 {
			t.Errorf("%q never happened: the run proves less than it says", expected)
		}
	}
}

// race holds the two replicas and all messages that were delivered to them.
type race struct {
	t         *testing.T
	pool      *pgxpool.Pool
	rnd       *rand.Rand
	static    *epochs
	checks    [2]amqp.Handler
	jobs      [2]amqp.Handler
	log       *bytes.Buffer
	delivered []event.Event
	answers   map[string]string // event id -> the events that it caused
	outcomes  map[string]int
	serial    int

	epoch    int
	consumed map[string]decimal.Decimal // by reservation: what providers were told to have consumed, less what they reversed
	unstated map[string]decimal.Decimal // of that: by consumptions for a trade that stated no amount; the trade may need less
	open     []madeCheck                // this epoch's checks
	named    []namedTrade               // this epoch's trades that a consumption has named
	sent     map[string]bool            // by reference: of these, those that were sent
	reserved map[string]spot            // reserved trades, which may be registered or rejected
	standing map[string]bool            // by id: of these, those that are registered, because the check that they displace might exceed the line if it came back
}

// madeCheck is a line check that was sent: its reference, and the number of its client.
type madeCheck struct {
	reference string
	client    int
}

// namedTrade is a trade that a consumption of a check has named, before or after the trade was sent.
type namedTrade struct {
	reference string
	check     madeCheck
}

// epochs provides static data that the test replaces.
type epochs struct {
	current atomic.Pointer[directory.Snapshot]
}

func (e *epochs) Snapshot() (*directory.Snapshot, error) { return e.current.Load(), nil }

func newRace(t *testing.T) *race {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := &race{
		t: t, pool: schema(t), rnd: rand.New(rand.NewPCG(seed, 1)), static: &epochs{}, log: &bytes.Buffer{},
		answers: map[string]string{}, outcomes: map[string]int{},
		consumed: map[string]decimal.Decimal{}, unstated: map[string]decimal.Decimal{},
	}
	if _, err := r.pool.Exec(t.Context(), flagged); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(r.log, nil))
	for i := range r.checks {
		r.checks[i] = all(r.static).Handler(r.pool, "linecheck/"+strconv.Itoa(i), log)
		r.jobs[i] = Jobs().Handler(r.pool, "linecheck/"+strconv.Itoa(i), log)
	}
	return r
}

// nettedOne is the number of the client with a netting agreement.
const nettedOne = 3

// nextEpoch makes four new clients in two groups, on two desks. On each level the line can bind.
func (r *race) nextEpoch() {
	r.epoch++
	r.open, r.named, r.sent, r.reserved = nil, nil, map[string]bool{}, map[string]spot{}
	r.standing = map[string]bool{}
	s := snapshot()
	s.Holdings, s.Members = map[string][]line.Holding{}, map[string][]string{}
	for i := range 4 {
		s.Clients[r.client(i)] = directory.Client{Netted: i == nettedOne}
		s.Members[r.group(i/2)] = append(s.Members[r.group(i/2)], r.client(i))
		s.Holdings[r.client(i)] = []line.Holding{{Kind: line.Cash, Currency: "USD", Quantity: dec("30")}}
		s.Limits[line.Node{Level: line.Client, ID: r.client(i)}] = usd(line.Limit{Amount: dec("70"), Settlement: decimal.NewNullDecimal(dec("900"))})
	}
	for i := range 2 {
		s.Limits[line.Node{Level: line.Group, ID: r.group(i)}] = usd(line.Limit{Amount: dec("100")})
		s.Limits[line.Node{Level: line.Desk, ID: r.desk(i)}] = usd(line.Limit{Amount: dec("160")})
	}
	r.static.current.Store(s)
}

func (r *race) client(i int) string { return fmt.Sprintf("C%d-%d", r.epoch, i) }
func (r *race) group(i int) string  { return fmt.Sprintf("G%d-%d", r.epoch, i) }
func (r *race) desk(i int) string   { return fmt.Sprintf("D%d-%d", r.epoch, i) }

// terms returns the group and desk of a client. Each group deals with both desks.
func (r *race) terms(i int) map[string]any {
	return map[string]any{"client_group": r.group(i / 2), "desk": r.desk(i % 2)}
}

// step delivers a few random batches to both replicas at the same time.
func (r *race) step() {
	var wait sync.WaitGroup
	type delivery struct {
		events  []event.Event
		handler amqp.Handler
		results []amqp.Result
	}
	deliveries := make([]delivery, 2+r.rnd.IntN(4))
	for i := range deliveries {
		d := &deliveries[i]
		d.handler, d.events = r.checks[i%2], r.batch()
		if r.rnd.IntN(4) == 0 {
			d.handler, d.events = r.jobs[i%2], []event.Event{r.job()}
		}
		wait.Go(func() { d.results = d.handler.Handle(context.Background(), d.events) })
	}
	wait.Wait()
	for _, d := range deliveries {
		for i, result := range d.results {
			r.note(d.events[i], result)
		}
	}
}

// note fails the test if a redelivered message does not cause the same events as the first time.
func (r *race) note(e event.Event, result amqp.Result) {
	if comesAgain(result.Err) {
		r.outcomes["comes again"]++
		return
	}
	if result.Err != nil {
		r.t.Fatalf("%s %s: %v", e.Type, e.Data, result.Err)
	}
	var said strings.Builder
	for _, emitted := range result.Emit {
		said.WriteString(emitted.ID + string(emitted.Data))
	}
	before, known := r.answers[e.ID]
	if known && before != said.String() {
		r.t.Fatalf("%s led to\n%s\nand later to\n%s", e.ID, before, &said)
	}
	r.answers[e.ID] = said.String()
	if known || len(result.Emit) == 0 {
		return
	}
	r.count(result.Emit[0])
	r.account(result.Emit[0])
	if result.Emit[0].Type == contract.TradeReserved {
		t, basis := read[messages.Trade](r.t, result.Emit[0]), read[answered](r.t, result.Emit[0]).Reserved.Basis
		r.countUse(t, basis)
		for i := range 4 {
			if t.Request.Client == r.client(i) {
				r.reserved[e.Correlation] = r.tradeOf(t)
				r.standing[e.Correlation] = i == nettedOne && slices.ContainsFunc(basis.Flags, func(f messages.Flag) bool { return f.Flag == messages.CheckDiffers })
			}
		}
	}
}

// countUse counts how a trade uses a line check, and swaps whose legs are netted.
func (r *race) countUse(t messages.Trade, basis messages.Basis) {
	switch {
	case t.Request.LineCheck != nil:
		r.outcomes["taken over"]++
	case basis.LineCheck != nil:
		r.outcomes["used what was kept"]++
	}
	if basis.Swap == nil {
		return
	}
	r.outcomes["netted swap"]++
	if basis.LineCheck != nil {
		r.outcomes["netted swap displaces a check"]++
	}
}

// comesAgain reports whether the message must be retried: it resolves a reservation that the other replica was just
// making.
func comesAgain(err error) bool {
	return errors.Is(err, line.ErrNotLoaded)
}

func (r *race) count(e event.Event) {
	r.outcomes[short(r.t, e)]++
	if nodes := read[answered](r.t, e).Rejected.Nodes; len(nodes) > 0 {
		level, _, _ := strings.Cut(nodes[0].Node, "/")
		r.outcomes[level+"/"]++
	}
}

// tradeOf finds the trade whose reference gives the id in t.
func (r *race) tradeOf(t messages.Trade) spot {
	for i := r.serial; i > 0; i-- {
		if s := (spot{strconv.Itoa(i), t.Request.Client, "1"}); s.id() == t.Request.TradeID {
			return s
		}
	}
	r.t.Fatalf("trade %s was never asked for", t.Request.TradeID)
	return spot{}
}
