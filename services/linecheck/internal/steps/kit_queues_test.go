package steps

import (
	"context"
	"log/slog"
	"maps"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
)

// queues is a replica that handles settled legs by the steps of their own queue, which lock less than others, and all other messages by
// steps.
type queues struct{ others, settled amqp.Handler }

func replicaOf(steps inbox.Steps[*Batch], pool *pgxpool.Pool, source string, log *slog.Logger) queues {
	freeing := freeing(both())
	freeing.Clock = steps.Clock
	return queues{steps.Handler(pool, source, log), freeing.Handler(pool, source, log)}
}

// both returns the steps of settled legs and of deleted trades, which lock alike.
func both() inbox.Table[*Batch] {
	all := settled()
	maps.Copy(all, deleted())
	return all
}

// Handle implements [amqp.Handler]. Settled legs and deleted trades come last.
func (q queues) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for _, settled := range []bool{false, true} {
		var part []event.Event
		var at []int
		for i, e := range events {
			if (e.Type == contract.SettlementSettled || e.Type == contract.TradeDeleted) == settled {
				part, at = append(part, e), append(at, i)
			}
		}
		if len(part) == 0 {
			continue
		}
		h := q.others
		if settled {
			h = q.settled
		}
		for i, r := range h.Handle(ctx, part) {
			results[at[i]] = r
		}
	}
	return results
}
