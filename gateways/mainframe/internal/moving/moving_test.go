package moving

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link/linktest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

// start runs a host and a mover that asks it.
func start(t *testing.T) (*hosttest.Host, *Mover) {
	t.Helper()
	host := hosttest.Start(t)
	return host, mover(t, host.Addr)
}

func mover(t *testing.T, addr string) *Mover {
	t.Helper()
	host, layouts := linktest.Open(t, addr, time.Second)
	return New(host, layouts, testkit.Log(t))
}

// outcome is the data of the one event that a result emits.
func outcome[T any](t *testing.T, r amqp.Result, typ event.Type) (T, event.Event) {
	t.Helper()
	var data T
	if r.Err != nil || len(r.Emit) != 1 || r.Emit[0].Type != typ {
		t.Fatalf("%+v, want one %s", r, typ)
	}
	if err := r.Emit[0].Read(&data); err != nil {
		t.Fatal(err)
	}
	return data, r.Emit[0]
}

func made(t *testing.T, r amqp.Result) (messages.MovementMade, event.Event) {
	t.Helper()
	return outcome[messages.MovementMade](t, r, contract.MovementMade)
}

func refused(t *testing.T, r amqp.Result) messages.MovementRefused {
	t.Helper()
	got, _ := outcome[messages.MovementRefused](t, r, contract.MovementRefused)
	return got
}

func handle(t *testing.T, m *Mover, e event.Event) amqp.Result {
	t.Helper()
	return m.Handle(t.Context(), []event.Event{e})[0]
}

// begin sets what the client's accounts hold.
func begin(host *hosttest.Host) {
	host.Order("/balance?account=C000001-EUR&amount=100")
	host.Order("/balance?account=C000001-USD&amount=100")
}

// sum of what the accounts of the sample hold: euro and dollars of the client, then of the bank.
func sum(host *hosttest.Host) [4]string {
	return [4]string{host.Balance("C000001-EUR"), host.Balance("C000001-USD"), host.Balance("FXSETTLE-EUR"), host.Balance("FXSETTLE-USD")}
}

func TestMoneyIsMovedOnceHoweverOftenAndLateItIsAskedFor(t *testing.T) {
	host, m := start(t)
	begin(host)
	e := movement(t, 1)
	first, one := made(t, handle(t, m, e))
	made(t, handle(t, m, movement(t, 2)))
	again, two := made(t, handle(t, m, e))
	if first.MovementID != movementID(1) || first.Reference == "" || first.MovedAt.IsZero() {
		t.Errorf("%+v", first)
	}
	if diff := cmp.Diff(first, again); diff != "" || one.ID != two.ID || one.Causation != e.ID || one.Correlation != e.Correlation {
		t.Errorf("the second time another answer: %s %+v %+v", diff, one, two)
	}
	if got, want := sum(host), [4]string{"98", "102.2", "2", "-2.2"}; got != want || len(host.Movements()) != 2 {
		t.Errorf("%v, %d movements", got, len(host.Movements()))
	}
}

func TestSameMovementTwiceInOneBatchIsMadeOnce(t *testing.T) {
	host, m := start(t)
	results := m.Handle(t.Context(), []event.Event{movement(t, 1), movement(t, 1)})
	a, _ := made(t, results[0])
	b, _ := made(t, results[1])
	if diff := cmp.Diff(a, b); diff != "" || len(host.Movements()) != 1 {
		t.Errorf("%d movements, %s", len(host.Movements()), diff)
	}
}

func TestRefusalIsAMessageAndNothingMoves(t *testing.T) {
	host, m := start(t)
	cases := []struct {
		name, code, order, undo string
		first                   []event.Event
		refused                 event.Event
	}{
		{"no funds", "NOFUNDS", "/balance?account=C000001-EUR&amount=0.999", "", nil, movement(t, 1)},
		{"closed account", "CLOSED", "/close?account=C000001-USD", "/open?account=C000001-USD", nil, movement(t, 2)},
		{"blocked currency", "BLOCKED", "/block?currency=USD", "/unblock?currency=USD", nil, movement(t, 3)},
		{"unknown client", "NOCLIENT", "", "", nil, movement(t, 4, `"client": "C000001"`, `"client": "C999999"`)},
		{"account of another", "NOACCT", "", "", nil, movement(t, 5, `"C000001-EUR"`, `"C000002-EUR"`)},
		{"account in another currency", "NOACCT", "", "", nil, movement(t, 6, `"FXSETTLE-EUR"`, `"FXSETTLE-GBP"`)},
		{"after the cut-off", "TOOLATE", "", "", nil, movement(t, 7, "2100-", "2020-")},
		{
			"same id with other content", "CONFLICT", "", "",
			[]event.Event{movement(t, 8)},
			movement(t, 8, `"amount": "1.1"`, `"amount": "1.2"`),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			begin(host)
			m.Handle(t.Context(), c.first)
			if c.order != "" {
				host.Order(c.order)
			}
			before := sum(host)
			got := refused(t, handle(t, m, c.refused))
			if got.Code != c.code || got.MovementID != c.refused.Correlation || got.Attempt != 1 || got.Text == "" || sum(host) != before {
				t.Errorf("%+v, %v became %v", got, before, sum(host))
			}
			if c.undo != "" {
				host.Order(c.undo)
			}
		})
	}
}

// An event that the broker delivers again, after a person has settled what it asked for by hand, must not move money.
func TestRefusedAttemptStaysRefusedAndTheNextOneIsNew(t *testing.T) {
	host, m := start(t)
	host.Order("/balance?account=C000001-EUR&amount=0")
	first := movement(t, 1)
	if got := refused(t, handle(t, m, first)); got.Code != "NOFUNDS" {
		t.Fatalf("%+v", got)
	}
	host.Order("/balance?account=C000001-EUR&amount=100")
	if got := refused(t, handle(t, m, first)); got.Code != "NOFUNDS" || len(host.Movements()) != 0 {
		t.Errorf("delivered again: %+v", got)
	}
	made(t, handle(t, m, movement(t, 1, `"attempt": 1`, `"attempt": 2`)))
	if len(host.Movements()) != 1 {
		t.Errorf("%d movements", len(host.Movements()))
	}
}

func TestNothingMovesAfterTheCutOffAndWhatHasMovedIsToldAfterIt(t *testing.T) {
	host, m := start(t)
	soon := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	before, late := movement(t, 1, "2100-11-26T15:00:00Z", soon), movement(t, 2, "2100-11-26T15:00:00Z", soon)
	first, _ := made(t, handle(t, m, before))
	host.Order("/day") // the bank's clock passes the cut-off
	if got := refused(t, handle(t, m, late)); got.Code != "TOOLATE" {
		t.Errorf("%+v", got)
	}
	if again, _ := made(t, handle(t, m, before)); !cmp.Equal(first, again) || len(host.Movements()) != 1 {
		t.Errorf("%+v then %+v, %d movements", first, again, len(host.Movements()))
	}
}

// A movement that does not fit the record, or that the host cannot read, is refused, so that a person can resolve it. Of poison
// nobody knows which movement it is.
func TestWhatCannotBeSentIsRefusedAndItsNeighboursAreMade(t *testing.T) {
	host, m := start(t)
	unsent := []event.Event{
		movement(t, 2, `"amount": "1"`, `"amount": "1.0001"`),
		movement(t, 3, `"2026-11-26"`, `"tomorrow"`),
		movement(t, 4, `"client": "C000001"`, `"client": "Łódź"`),
		movement(t, 5, `"amount": "1"`, `"amount": "-1"`),
		movement(t, 6, `"amount": "1"`, `"amount": "0"`),
		movement(t, 8, `"not_after"`, `"before"`),
		movement(t, 9, `"lines"`, `"rows"`),
		movement(t, 10, `"C000001-EUR", "to": "FXSETTLE-EUR"`, `"C000001-EUR", "to": "C000001-EUR"`),
		movement(t, 12, `"amount": "1"`, `"amount": "1000000000000000"`),
		movement(t, 13, `"C000001-EUR"`, `"C000001-EUR-OF-THE-SECOND-BRANCH"`),
		movement(t, 14, `"attempt": 1`, `"attempt": 1000`),
	}
	poison := []event.Event{movement(t, 7, `"attempt": 1`, `"attempt": 0`), movement(t, 15, movementID(15), "")}
	batch := slices.Concat([]event.Event{movement(t, 1)}, unsent, poison, []event.Event{movement(t, 11)})
	results := m.Handle(t.Context(), batch)
	for i, r := range results[1 : 1+len(unsent)] {
		asked := unsent[i]
		if got := refused(t, r); got.Code != Unsent || got.MovementID != asked.Correlation || got.Attempt < 1 || got.Text == "" {
			t.Errorf("%s: %+v", asked.Data, got)
		}
	}
	for _, r := range results[1+len(unsent) : len(batch)-1] {
		if r.Err == nil {
			t.Errorf("poison led to %+v", r.Emit)
		}
	}
	if got := len(host.Movements()); got != 2 {
		t.Errorf("%d movements", got)
	}
}

func TestNoWrongAnswerIsTakenForAMovement(t *testing.T) {
	host, m := start(t)
	n := 0
	for _, how := range []string{"garbage", "partial", "correlation", "record", "trade", "double", "error", "hangup"} {
		t.Run(how, func(t *testing.T) {
			batch := []event.Event{movement(t, n), movement(t, n+1), movement(t, n+2)}
			host.Order("/wrong?every=3&for=1m&how=" + how)
			results := m.Handle(t.Context(), batch)
			host.Order("/well")
			for i, r := range results {
				got, _ := made(t, r)
				if want := host.Movements()[n+i]; got.MovementID != want.MovementID || got.Reference != want.Reference {
					t.Errorf("movement %d: %+v, in the book %+v", n+i, got, want)
				}
			}
			n += len(batch)
		})
	}
	if got := len(host.Movements()); got != n {
		t.Errorf("%d movements of %d", got, n)
	}
}

// The host answers later than the mover waits, so its answer meets a closed connection. On a new one it is asked again.
func TestAnswerThatComesTooLateIsAskedForAgainAndTheMoneyMovesOnce(t *testing.T) {
	host, m := start(t)
	begin(host)
	host.Order("/slow?latency=3s&for=1m") // three times the link's patience
	ended := make(chan []amqp.Result, 1)
	go func() { ended <- m.Handle(t.Context(), []event.Event{movement(t, 1), movement(t, 2)}) }()
	testkit.Eventually(t, "both movements in the book", time.Minute, func() error {
		if n := len(host.Movements()); n != 2 {
			return fmt.Errorf("%d movements", n)
		}
		return nil
	})
	host.Order("/well")
	for i, r := range <-ended {
		if got, _ := made(t, r); got.Reference != host.Movements()[i].Reference {
			t.Errorf("movement %d: %+v, in the book %+v", i, got, host.Movements()[i])
		}
	}
	if got, want := sum(host), [4]string{"98", "102.2", "2", "-2.2"}; got != want {
		t.Errorf("the accounts hold %v, not %v", got, want)
	}
}

// The host moves the money and dies before it says so. Back again, it is asked again, and tells of the one movement.
func TestHostThatDiesAfterItMovedTheMoneyMovesItOnce(t *testing.T) {
	host, m := start(t)
	begin(host)
	host.Order("/wrong?how=die&for=1m")
	ended := make(chan []amqp.Result, 1)
	go func() { ended <- m.Handle(t.Context(), []event.Event{movement(t, 1), movement(t, 2)}) }()
	host.AwaitDeath()
	host.Run()
	for i, r := range <-ended {
		got, _ := made(t, r)
		if want := host.Movements()[i]; got.Reference != want.Reference || got.MovementID != want.MovementID {
			t.Errorf("movement %d: %+v, in the book %+v", i, got, want)
		}
	}
	if got, want := sum(host), [4]string{"98", "102.2", "2", "-2.2"}; got != want || len(host.Movements()) != 2 {
		t.Errorf("%v, %d movements", got, len(host.Movements()))
	}
}

func TestBatchIsHeldWhileTheMainframeIsAwayAndLeftWhenTheContextEnds(t *testing.T) {
	host, m := start(t)
	host.Order("/away?how=blackhole&for=1m")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan []amqp.Result, 1)
	go func() { ended <- m.Handle(ctx, []event.Event{movement(t, 1)}) }()
	testkit.Eventually(t, "a movement that waits", 20*time.Second, func() error {
		if m.Waiting() != 1 {
			return errors.New("none waits")
		}
		return nil
	})
	cancel()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("Handle did not end with its context")
	}
}

func BenchmarkMove(b *testing.B) {
	host, layouts := linktest.Open(b, hosttest.Start(b).Addr, 5*time.Second)
	m, n := New(host, layouts, testkit.Log(b)), 0
	const size = 100
	batch := make([]event.Event, size)
	for b.Loop() {
		for i := range batch {
			n++
			batch[i] = movement(b, n)
		}
		for _, r := range m.Handle(context.Background(), batch) {
			if r.Err != nil {
				b.Fatal(r.Err)
			}
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "movements/s")
}
