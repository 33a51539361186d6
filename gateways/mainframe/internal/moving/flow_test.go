package moving

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/flowtest"
	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// newFlow is requests to move money, and answers that it is moved.
func newFlow(t *testing.T) *flowtest.Flow {
	t.Helper()
	return flowtest.New(t, flowtest.Story{
		Queue: messages.Movements, Asked: contract.MovementRequested,
		Answers: []event.Type{contract.MovementMade, contract.MovementRefused},
		Read: func(e event.Event) (flowtest.Line, error) {
			var made messages.MovementMade
			err := e.Read(&made)
			if err == nil && (e.Type == contract.MovementMade) != (made.Reference != "") {
				err = fmt.Errorf("reference %q", made.Reference)
			}
			return flowtest.Line{ID: made.MovementID, Reference: made.Reference}, err
		},
	})
}

// replica runs a gateway's moving until ctx ends.
func replica(ctx context.Context, t *testing.T, f *flowtest.Flow, host *hosttest.Host) {
	t.Helper()
	bus, m := f.Gateway(), mover(t, host.Addr)
	f.Loop(ctx, func(ctx context.Context) { _ = m.Consume(ctx, bus, messages.Movements, time.Minute) })
}

func publish(t *testing.T, f *flowtest.Flow, from, to int) {
	t.Helper()
	f.Publish(from, to, func(n int) event.Event { return movement(t, n) })
}

// book returns what was moved.
func book(host *hosttest.Host) func() []flowtest.Line {
	return func() (lines []flowtest.Line) {
		for _, m := range host.Movements() {
			lines = append(lines, flowtest.Line{ID: m.MovementID, Reference: m.Reference})
		}
		return lines
	}
}

func TestMovementsStayInOrderAndOnceWhateverTheMainframeDoes(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	begin(host)
	host.Order("/balance?account=C000001-EUR&amount=5000")
	replica(t.Context(), t, f, host)
	publish(t, f, 0, 300)
	f.Answered(100)

	host.Order("/away?how=refuse&for=1s")
	publish(t, f, 300, 600)
	host.Order("/wrong?how=garbage&every=97&for=2s")
	publish(t, f, 600, 900)
	f.Answered(700)

	publish(t, f, 900, 1200)
	host.Kill()
	publish(t, f, 1200, 1300)
	host.Run()
	host.Order("/wrong?how=hangup&every=83&for=2s")
	publish(t, f, 1300, 1400)
	f.Answered(1350)
	host.Order("/wrong?how=die&every=10&for=1m")
	publish(t, f, 1400, 1500)
	host.AwaitDeath()
	host.Run()
	host.Order("/away?how=blackhole&for=1500ms")
	publish(t, f, 1500, 1600)
	f.InOrderAndOnce(1600, movementID, book(host))
	if got, want := sum(host), [4]string{"3400", "1860", "1600", "-1760"}; got != want {
		t.Errorf("the accounts hold %v, not %v", got, want)
	}
}

func TestAnotherReplicaMovesOnInOrderWhenOneGoes(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	first, stop := context.WithCancel(t.Context())
	replica(first, t, f, host)
	publish(t, f, 0, 10)
	f.Answered(10)
	replica(t.Context(), t, f, host)
	host.Order("/slow?latency=200ms&for=1m")
	publish(t, f, 10, 300)
	stop() // with movements in flight at the host
	host.Order("/well")
	publish(t, f, 300, 400)
	f.InOrderAndOnce(400, movementID, book(host))
}

// A client has funds for the first ten movements only. The others are refused, each by itself, and stay so.
func TestWhatIsRefusedHoldsUpNothing(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	host.Order("/balance?account=C000001-EUR&amount=10")
	replica(t.Context(), t, f, host)
	publish(t, f, 0, 20)
	f.Publish(20, 30, func(n int) event.Event {
		other := strings.ReplaceAll(string(movement(t, n).Data), "C000001", "C000002")
		e := movement(t, n)
		e.Data = []byte(other)
		return e
	})
	f.Answered(30)
	for n := range 30 {
		if refused := n >= 10 && n < 20; (f.Told(movementID(n)) == "") != refused {
			t.Errorf("movement %d: told as %q", n, f.Told(movementID(n)))
		}
	}
	if got := host.Balance("C000001-EUR"); got != "0" || len(host.Movements()) != 20 {
		t.Errorf("the account holds %s, %d movements", got, len(host.Movements()))
	}
}
