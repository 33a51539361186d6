package duty

import (
	"context"
	"log/slog"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/lease"
	"fxcore/lambda/log"
	"fxcore/services/contract"
)

// mover carries out requested moves: it writes the wish into the row of the session's lease. A request that is late, comes
// twice, or names an old epoch has no effect.
type mover struct {
	db  lease.Rows
	log *slog.Logger
	now func() time.Time
}

// commands handles what the gateway is asked to do.
type commands struct {
	move   mover
	barred amqp.Handler
}

// Handle hands each event of a batch on, one at a time.
func (c commands) Handle(ctx context.Context, events []event.Event) (results []amqp.Result) {
	for _, e := range events {
		to := amqp.Handler(c.move)
		if e.Type != contract.MoveRequested {
			to = c.barred
		}
		results = append(results, to.Handle(ctx, []event.Event{e})...)
	}
	return results
}

// Handle writes the wishes of a batch, one at a time.
func (m mover) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i].Err = m.move(ctx, e)
	}
	return results
}

func (m mover) move(ctx context.Context, e event.Event) error {
	request, err := readMove(e)
	if err != nil {
		return err
	}
	log := m.log.With(log.About(e), "provider", request.Provider, "to", request.To, "epoch", request.Epoch)
	if e.Expired(m.now()) {
		log.Info("a requested move is too old: nothing is done")
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, writeBound)
	defer cancel()
	noted, err := lease.Wish(ctx, m.db, lease.Grant{Name: request.Provider, Epoch: request.Epoch}, request.To)
	if err != nil {
		return amqp.Retry(err)
	}
	log.Info("a move is requested", "noted", noted) // not noted: the session has a newer epoch already
	return nil
}
