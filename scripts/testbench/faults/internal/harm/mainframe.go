package harm

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

func day(ctx context.Context, h *Harm, _ *Done) (func(), error) { return nil, command(ctx, h.core.Day) }

// every is which movement goes wrong: not each one, so that others pass.
const every = 3

// wrong has the simulator answer wrongly. It stops doing so by itself.
func wrong(ctx context.Context, h *Harm, d *Done) (func(), error) {
	how := map[schedule.Kind]string{schedule.Die: "die", schedule.HangUp: "hangup"}[d.Kind]
	return nil, command(ctx, func(ctx context.Context) error {
		return h.core.Order(ctx, "/wrong", url.Values{"how": {how}, "every": {strconv.Itoa(every)}, "for": {d.For.String()}})
	})
}

func block(ctx context.Context, h *Harm, _ *Done) (func(), error) {
	euros := url.Values{"currency": {"EUR"}}
	err := command(ctx, func(ctx context.Context) error { return h.core.Order(ctx, "/block", euros) })
	return h.undo(ctx, func(ctx context.Context) error { return h.core.Order(ctx, "/unblock", euros) }), err
}

// The clients whose accounts are emptied, and what the accounts have afterwards.
const (
	poorClients = 12
	rich        = "9000000000000"
)

func poor(ctx context.Context, h *Harm, _ *Done) (func(), error) {
	err := command(ctx, func(ctx context.Context) error { return h.balances(ctx, "0") })
	return h.undo(ctx, func(ctx context.Context) error { return h.balances(ctx, rich) }), err
}

func (h *Harm) balances(ctx context.Context, amount string) error {
	for n := range poorClients {
		for _, currency := range []string{"EUR", "USD"} {
			account := fmt.Sprintf("C%06d-%s", n+1, currency)
			if err := h.core.Order(ctx, "/balance", url.Values{"account": {account}, "amount": {amount}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Bounds of taking an order back: the simulator may be starting again.
const (
	undoBound = 20 * time.Second
	undoPause = 100 * time.Millisecond
)

// undo returns a function that gives an order until the simulator has taken it, even if the run was ended.
func (h *Harm) undo(ctx context.Context, order func(context.Context) error) func() {
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoBound)
		defer cancel()
		for order(ctx) != nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(undoPause):
			}
		}
	}
}
