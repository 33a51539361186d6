package steps

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

// bank holds two replicas on one database.
type bank struct {
	t        *testing.T
	pool     *pgxpool.Pool
	replicas [2]amqp.Handler
}

func newBank(t *testing.T) *bank {
	t.Helper()
	return bankOn(t, schema(t))
}

func bankOn(t *testing.T, pool *pgxpool.Pool) *bank {
	t.Helper()
	b := &bank{t: t, pool: pool}
	for i := range b.replicas {
		b.replicas[i] = replicaOf(all(static{snapshot: snapshot()}), b.pool, "linecheck/"+strconv.Itoa(i), testkit.Log(t))
	}
	return b
}

// handle delivers messages to one replica and returns a short form of each answer.
func (b *bank) handle(replica int, events ...event.Event) []string {
	b.t.Helper()
	var list []string
	for i, r := range b.replicas[replica].Handle(context.Background(), events) {
		switch {
		case r.Err != nil:
			b.t.Fatalf("%s: %v", events[i].Type, r.Err)
		case len(r.Emit) == 0:
			list = append(list, "")
		default:
			list = append(list, short(b.t, r.Emit[0]))
		}
	}
	return list
}

// carries returns the stored usage of every node as text.
func (b *bank) carries() map[string]string {
	b.t.Helper()
	rows, _ := b.pool.Query(b.t.Context(), "select node, trim_scale(reserved) || ' ' || trim_scale(consumed) from node_usage")
	used := map[string]string{}
	var node, usage string
	if _, err := pgx.ForEachRow(rows, []any{&node, &usage}, func() error { used[node] = usage; return nil }); err != nil {
		b.t.Fatal(err)
	}
	return used
}

func (b *bank) mustCarry(usage string) {
	b.t.Helper()
	want := map[string]string{"group/G0001": usage, "desk/FXS1": usage, "client/C000001": usage}
	if diff := cmp.Diff(want, b.carries()); diff != "" {
		b.t.Error(diff)
	}
	mustBalance(b.t, b.pool)
}

func soon() time.Time { return time.Now().Add(time.Hour) }

// Two replicas handle the messages of one story in turn.
func TestAStoryLeavesOnTheLinesWhatItShould(t *testing.T) {
	t.Parallel()
	trade := spot{"T1", "C000001", "1000000"}
	timely := func(typ event.Type) event.Event { return message(t, typ, trade.id(), "1", soon(), trade.dataOf(typ)) }
	for _, c := range []struct {
		name  string
		story []event.Event
		led   []string
		used  string
	}{
		{"a trade is registered", []event.Event{timely(contract.TradeValidated), timely(contract.TradeRegistered)}, []string{"trade.reserved ", ""}, "0 100000"},
		{"a trade is rejected", []event.Event{timely(contract.TradeValidated), timely(contract.TradeRejected)}, []string{"trade.reserved ", ""}, "0 0"},
		{
			"a check is consumed",
			[]event.Event{reserving("L1", "1000000").message(t, soon()), resolving(messages.Consume, "L2", "L1").message(t, soon())},
			[]string{"linecheck.completed approved", "linecheck.completed consumed"},
			"0 100000",
		},
		{
			"a check is cancelled",
			[]event.Event{reserving("L1", "1000000").message(t, soon()), resolving(messages.Cancel, "L2", "L1").message(t, soon())},
			[]string{"linecheck.completed approved", "linecheck.completed cancelled"},
			"0 0",
		},
		{"a check is refused", []event.Event{reserving("L1", "1500001").message(t, soon())}, []string{"linecheck.rejected line_exceeded"}, "0 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBank(t)
			for i, e := range c.story {
				if got := b.handle(i%2, e)[0]; got != c.led[i] {
					t.Errorf("%s: %q, want %q", e.Type, got, c.led[i])
				}
			}
			b.mustCarry(c.used)
		})
	}
}

func TestABatchIsDecidedInItsOrder(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	led := b.handle(0,
		reserving("L1", "1500000").message(t, soon()), // the whole line
		reserving("L2", "10").message(t, soon()),
		resolving(messages.Cancel, "L3", "L1").message(t, soon()),
		reserving("L4", "10").message(t, soon()),
	)
	want := []string{"linecheck.completed approved", "linecheck.rejected line_exceeded", "linecheck.completed cancelled", "linecheck.completed approved"}
	if diff := cmp.Diff(want, led); diff != "" {
		t.Error(diff)
	}
	b.mustCarry("1 0")
}

// A check expires lapsed reservations itself, even if the job is late.
func TestLapsedReservationsAreFreedByTheNextCheckOfTheirClient(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	if got := b.handle(0, reserving("L1", "1500000").message(t, soon()))[0]; got != "linecheck.completed approved" {
		t.Fatal(got)
	}
	serial := 0
	testkit.Eventually(t, "the line to be free again", time.Minute, func() error {
		if _, err := b.pool.Exec(t.Context(), "update reservation set expires_at = clock_timestamp() where state = 'RESERVED'"); err != nil {
			return err
		}
		serial++
		if got := b.handle(1, reserving("again"+strconv.Itoa(serial), "1500000").message(t, soon()))[0]; got != "linecheck.completed approved" {
			return &notYet{got}
		}
		return nil
	})
	b.mustCarry("150000 0")
}

type notYet struct{ what string }

func (n *notYet) Error() string { return n.what }

func TestASwapKeepsBothOfItsDays(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	e := produced(t, "trading", contract.TradeValidated, soon())
	if got := b.handle(0, e)[0]; got != "trade.reserved " {
		t.Fatal(got)
	}
	const due = "select string_agg(value_date || ' ' || trim_scale(used), ', ' order by value_date) from settlement_usage where node = 'client/C000001'"
	var got string
	if err := b.pool.QueryRow(t.Context(), due).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := "2026-11-27 1117500, 2026-12-28 1000000"; got != want {
		t.Errorf("due: %s, want %s", got, want)
	}
	b.mustCarry("100000 0")
}
