package steps

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
)

// The size of one run. Each run has a schema of its own.
const (
	settledRuns   = 6
	settledTrades = 24
)

// Trades are reserved, registered and settled leg by leg, in any order, twice and late, by two replicas at once. At every moment
// the stored usage is what recomputation finds. Once all is settled, no line carries anything.
func TestWhatIsSettledIsFreedWhateverTheOrder(t *testing.T) {
	t.Parallel()
	for range settledRuns {
		seed := rand.Uint64()
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			newMaturing(t, seed).run()
		})
	}
}

// maturing is one run: what has to be delivered, and the two replicas.
type maturing struct {
	t        *testing.T
	pool     *pgxpool.Pool
	rnd      *rand.Rand
	replicas [2]amqp.Handler
	waiting  []event.Event
	handled  []event.Event
}

func newMaturing(t *testing.T, seed uint64) *maturing {
	t.Helper()
	m := &maturing{t: t, pool: schema(t), rnd: rand.New(rand.NewPCG(seed, 1))}
	s := snapshot()
	client := s.Clients["C000002"]
	client.Netted = true
	s.Clients["C000002"] = client
	wide := usd(line.Limit{Amount: dec("1000000000")})
	s.Limits[line.Node{Level: line.Client, ID: "C000001"}], s.Limits[line.Node{Level: line.Dealer, ID: "U1"}] = wide, wide
	for i := range m.replicas {
		m.replicas[i] = replicaOf(at(noon, all(static{snapshot: s})), m.pool, "linecheck/"+strconv.Itoa(i), testkit.Log(t))
	}
	for i := range settledTrades {
		m.trade(spot{strconv.Itoa(i), []string{"C000001", "C000002"}[m.rnd.IntN(2)], strconv.Itoa(1 + m.rnd.IntN(1000))})
	}
	return m
}

// trade adds the messages of a trade: a spot or a swap, bought or sold.
func (m *maturing) trade(s spot) {
	data, legs := s.data(), 1
	if m.rnd.IntN(2) == 0 {
		data, legs = s.asSwap(), 2
	}
	if m.rnd.IntN(2) == 0 {
		dealtBy("U1")(data)
	}
	for _, leg := range data["validated"].(map[string]any)["legs"].([]any) {
		if m.rnd.IntN(2) == 0 {
			leg.(map[string]any)["base_side"] = "sell"
		}
	}
	registered := message(m.t, contract.TradeRegistered, s.id(), "1", time.Time{}, withReserved(data, legs))
	if m.rnd.IntN(8) > 0 { // else trade.registered is the first that linecheck reads of the trade
		m.waiting = append(m.waiting, message(m.t, contract.TradeValidated, s.id(), "1", time.Time{}, data))
	}
	if m.rnd.IntN(8) == 0 { // the reservation is ended, and the trade is registered all the same
		m.waiting = append(m.waiting, s.message(m.t, contract.TradeRejected, "1"))
	}
	m.waiting = append(m.waiting, registered)
	for leg := range legs {
		m.waiting = append(m.waiting, s.settled(m.t, leg+1, "1"), s.settled(m.t, leg+1, "by hand"))
	}
}

// withReserved returns the data of a trade with linecheck's own section: an exposure of 50, and 70 due on each date.
func withReserved(data map[string]any, legs int) map[string]any {
	due := []any{map[string]any{"value_date": "2026-11-26", "amount": "70"}, map[string]any{"value_date": "2026-12-28", "amount": "70"}}
	with := map[string]any{"reserved": map[string]any{
		"exposure": "50", "expires_at": noon, "nodes": []any{}, "basis": map[string]any{"settlements": due[:legs]},
	}}
	for name, section := range data {
		with[name] = section
	}
	return with
}

func (m *maturing) run() {
	for len(m.waiting) > 0 {
		m.round()
		mustBalance(m.t, m.pool)
	}
	var left int
	const used = `select (select count(*) from node_usage where reserved + consumed <> 0) + (select count(*) from settlement_usage where used <> 0)
		+ (select count(*) from member_usage where used <> 0) + (select count(*) from reservation where state <> 'SETTLED')
		+ (select count(*) from netting_set where (bought_open, bought_done, sold_open, sold_done)::text
		   <> (row(0, 0, 0, 0)::deal_sum, row(0, 0, 0, 0)::deal_sum, row(0, 0, 0, 0)::deal_sum, row(0, 0, 0, 0)::deal_sum)::text)`
	if err := m.pool.QueryRow(m.t.Context(), used).Scan(&left); err != nil || left > 0 {
		m.t.Errorf("all is settled, and %d figures are left: %v", left, err)
	}
}

// round delivers a batch to each of the replicas at the same time. A message that has to come again goes on waiting.
func (m *maturing) round() {
	var wait sync.WaitGroup
	var batches [2][]event.Event
	var results [2][]amqp.Result
	for i := range batches {
		batches[i] = m.batch()
		wait.Go(func() { results[i] = m.replicas[i].Handle(context.Background(), batches[i]) })
	}
	wait.Wait()
	for i, batch := range batches {
		for j, r := range results[i] {
			switch {
			case r.Err == nil:
				m.handled = append(m.handled, batch[j])
			case errors.Is(r.Err, line.ErrUnknown), errors.Is(r.Err, line.ErrNotLoaded):
				m.waiting = append(m.waiting, batch[j])
			default:
				m.t.Fatalf("%s: %v", batch[j].Type, r.Err)
			}
		}
	}
}

// batch takes messages out of those that wait, in any order, and adds one that was handled already.
func (m *maturing) batch() []event.Event {
	var batch []event.Event
	for range min(len(m.waiting), 1+m.rnd.IntN(6)) {
		i := m.rnd.IntN(len(m.waiting))
		batch = append(batch, m.waiting[i])
		m.waiting = append(m.waiting[:i], m.waiting[i+1:]...)
	}
	if len(m.handled) > 0 {
		batch = append(batch, m.handled[m.rnd.IntN(len(m.handled))])
	}
	return batch
}
