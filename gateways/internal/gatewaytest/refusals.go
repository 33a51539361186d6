package gatewaytest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/internal/refused"
	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// Refusals reads what gateways tell of messages that they have refused.
type Refusals struct {
	t testing.TB

	mu  sync.Mutex
	ids map[string]bool
	all []refused.Data // one for each id
}

// ReadRefusals reads what the gateways of a broker tell. Call it before they refuse something.
func ReadRefusals(t testing.TB, broker string) *Refusals {
	t.Helper()
	r := &Refusals{t: t, ids: map[string]bool{}}
	amqptest.Serve(t, amqp.Config{URL: broker}, amqp.Topology{Service: "reader", Queues: []amqp.Queue{{
		Name: "reader", Purpose: "reads", Bindings: contract.Bindings(contract.MessageRefused),
	}}}, r)
	return r
}

// Handle notes what it is told.
func (r *Refusals) Handle(_ context.Context, events []event.Event) []amqp.Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		var d refused.Data
		if err := e.Read(&d); err != nil {
			r.t.Error(err)
		}
		if !r.ids[e.ID] {
			r.ids[e.ID], r.all = true, append(r.all, d)
		}
	}
	return make([]amqp.Result, len(events))
}

// Wait waits for at least so many refused messages. It returns all, by their numbers.
func (r *Refusals) Wait(n int) (all []refused.Data) {
	r.t.Helper()
	testkit.Eventually(r.t, fmt.Sprint(n, " refused messages"), time.Minute, func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if all = slices.Clone(r.all); len(all) < n {
			return fmt.Errorf("%d were told", len(all))
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b refused.Data) int { return a.Original.Sequence - b.Original.Sequence })
	return all
}
