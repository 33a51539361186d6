package steps

import (
	"context"
	_ "embed" // the statements of the version before
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

var (
	//go:embed testdata/before_parts/insert_reservations.sql
	insertBeforeSQL string
	//go:embed testdata/before_parts/set_states.sql
	setStatesSQL string
)

// older is a replica of the version before 00003_parts_and_netting.sql: it knows neither parts nor netting. Each of its
// reservations is of 100 dollars, and of client C000001.
type older struct {
	t    *testing.T
	pool *pgxpool.Pool
}

// What the client's nodes carry changes.
const (
	nodesBefore = `insert into node_usage (node) select unnest(array['group/G0001', 'desk/FXS1', 'client/C000001']) on conflict do nothing`
	usageBefore = `update node_usage set reserved = reserved + $1, consumed = consumed + $2`
	dueBefore   = `update settlement_usage set used = used + 10 * $1::numeric` // the exposure is a tenth of what is due
)

func (o older) send(b *pgx.Batch) error {
	return o.pool.SendBatch(context.WithoutCancel(o.t.Context()), b).Close() // one batch is one transaction
}

// insert makes n reservations in a state; their ids follow from the name. They lapse after the duration.
func (o older) insert(name string, n int, state line.State, lapse time.Duration) (ids []string) {
	o.t.Helper()
	text := func(s string) []string { return slices.Repeat([]string{s}, n) }
	for i := range n {
		ids = append(ids, event.NewID(testkit.Day, "older", name, strconv.Itoa(i)))
	}
	var none []*string
	var dates []*time.Time
	expiries := make([]time.Time, n)
	for i := range expiries {
		none, dates, expiries[i] = append(none, nil), append(dates, nil), time.Now().Add(lapse)
	}
	var b pgx.Batch
	reserved, consumed := 0, 0
	switch state { //nolint:exhaustive // the others use no line
	case line.Reserved:
		reserved = 100 * n
	case line.Consumed:
		consumed = 100 * n
	}
	b.Queue(nodesBefore)
	b.Queue(usageBefore, reserved, consumed)
	b.Queue(insertBeforeSQL, ids, text("check"), text("ALPHA"), text("group/G0001"), text("desk/FXS1"), text("client/C000001"), text("100"),
		dates, none, dates, none, text(string(state)), expiries, text("null"), text("null"))
	if err := o.send(&b); err != nil {
		o.t.Fatal(err)
	}
	return ids
}

// resolve sets the state of a reservation, and changes what the nodes carry by what is reserved and consumed more.
func (o older) resolve(id string, state line.State, reserved, consumed int) error {
	var b pgx.Batch
	b.Queue(usageBefore, reserved, consumed)
	b.Queue(dueBefore, reserved+consumed)
	b.Queue(setStatesSQL, []string{id}, []string{string(state)})
	return o.send(&b)
}

// updating returns a schema that is not updated yet, with a replica of the version before, and the update.
func updating(t *testing.T) (older, func() *bank) {
	t.Helper()
	pool := postgrestest.Schema(t, inbox.Migrations, postgrestest.Before(t, store.Migrations, "00003_parts_and_netting.sql"))
	return older{t, pool}, func() *bank {
		postgrestest.Update(t, pool, inbox.Migrations, store.Migrations)
		return bankOn(t, pool)
	}
}

// Whatever a replica of the version before writes, before the update and after it, is one whole part: a new replica consumes it,
// and expires it when it is due.
func TestWhatAnOlderReplicaReservesIsConsumedAndExpires(t *testing.T) {
	t.Parallel()
	old, update := updating(t)
	ids := []string{old.insert("before", 1, line.Reserved, time.Minute)[0]}
	old.insert("lapsed before", 1, line.Reserved, -time.Hour)
	old.insert("ended before", 1, line.Expired, -time.Hour)
	old.insert("consumed before", 1, line.Consumed, -time.Hour)
	b := update()
	b.mustCarry("200 100")
	ids = append(ids, old.insert("after", 1, line.Reserved, time.Minute)...)
	old.insert("lapsed after", expiredPerMessage, line.Reserved, -time.Hour)
	old.insert("consumed after", 1, line.Consumed, -time.Hour)
	b.mustCarry(fmt.Sprint(300+100*expiredPerMessage, " 200"))

	events := []event.Event{due(t, "1", thorough())}
	for range 2 {
		events = handle(t, Jobs().Handler(b.pool, "linecheck/0", testkit.Log(t)), events...)
	}
	b.mustCarry("200 200")
	for i, id := range ids {
		consume := resolving(messages.Consume, "L"+strconv.Itoa(i), "")
		consume.change = func(r map[string]any) { r["target"] = id }
		if got := b.handle(i, consume.message(t, soon()))[0]; got != "linecheck.completed consumed" {
			t.Errorf("%s: %s", id, got)
		}
	}
	b.mustCarry("0 400")
}

// The update must not hold up trades for as long as a big table takes to be written or read.
func TestTheUpdateRewritesNothing(t *testing.T) {
	t.Parallel()
	old, update := updating(t)
	old.insert("before", 10, line.Reserved, time.Minute)
	old.insert("consumed", 10, line.Consumed, time.Minute)
	const sql = `select pg_relation_filenode('reservation') || ' ' || string_agg(ctid || ' ' || xmin, ', ' order by id) from reservation`
	var before, after string
	if err := old.pool.QueryRow(t.Context(), sql).Scan(&before); err != nil {
		t.Fatal(err)
	}
	update()
	if err := old.pool.QueryRow(t.Context(), sql).Scan(&after); err != nil || before != after {
		t.Errorf("%v: rows moved from\n%s\nto\n%s", err, before, after)
	}
}

// An older replica may resolve what a new one has reserved, as long as all of it is in one part.
func TestAnOlderReplicaResolvesWhatIsWhole(t *testing.T) {
	t.Parallel()
	old, update := updating(t)
	b := update()
	trade := spot{"T1", "C000001", "1000"}
	e := message(t, contract.TradeValidated, trade.id(), "1", soon(), trade.data())
	for _, e := range []event.Event{reserving("L1", "1000").message(t, soon()), reserving("L2", "1000").message(t, soon()), e} {
		b.handle(0, e)
	}
	b.mustCarry("300 0")
	for _, c := range []struct {
		id                 string
		state              line.State
		reserved, consumed int
		carried            string
	}{
		{reserving("L1", "").id(), line.Consumed, -100, 100, "200 100"},
		{reserving("L2", "").id(), line.Expired, -100, 0, "100 100"},
		{trade.id(), line.Released, -100, 0, "0 100"},
		{trade.id(), line.Consumed, 0, 100, "0 200"}, // it was registered after all
	} {
		if err := old.resolve(c.id, c.state, c.reserved, c.consumed); err != nil {
			t.Fatal(err)
		}
		b.mustCarry(c.carried)
	}
	if got := b.handle(1, resolving(messages.Reverse, "L3", "L1").message(t, soon()))[0]; got != "linecheck.completed reversed" {
		t.Error(got)
	}
	b.mustCarry("0 100")
}

// What an older replica would resolve as a whole although it is not is refused, and a new replica takes the message.
func TestAnOlderReplicaIsRefusedWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	old, update := updating(t)
	b := update()
	data := snapshot()
	client := data.Clients["C000001"]
	client.Netted = true
	data.Clients["C000001"] = client
	netting := all(static{snapshot: data}).Handler(b.pool, "linecheck/2", testkit.Log(t))

	consume := resolving(messages.Consume, "L2", "L1")
	consume.amount = "400"
	trade := using{spot: spot{"T1", "C000001", "1000"}, check: "L3"}
	use := trade.message(t, contract.TradeValidated, "1")
	use.Deadline = soon()
	for _, e := range []event.Event{reserving("L1", "1000").message(t, soon()), consume.message(t, soon()), reserving("L3", "1000").message(t, soon()), use} {
		b.handle(0, e)
	}
	handle(t, netting, reserving("L4", "1000").message(t, soon()))
	b.mustCarry("260 40")

	for what, id := range map[string]string{"in parts": reserving("L1", "").id(), "taken over": trade.id(), "netted": reserving("L4", "").id()} {
		for _, state := range []line.State{line.Expired, line.Consumed, line.Cancelled} {
			var refused *pgconn.PgError
			if err := old.resolve(id, state, 0, 0); !errors.As(err, &refused) || refused.Code != "23505" {
				t.Errorf("%s, %s: %v, want a refusal that is retried", what, state, err)
			}
		}
	}
	b.mustCarry("260 40")
}
