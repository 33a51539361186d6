package inbox

import (
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
)

// Kept is the inbox as Purge keeps it for an age.
var Kept = table

// HandlerWithin is Steps.Handler with a shorter time for a transaction.
func HandlerWithin[S Batch](budget time.Duration, s Steps[S], pool *pgxpool.Pool, log *slog.Logger) amqp.Handler {
	h := s.Handler(pool, "test/1", log).(*runner[S])
	h.budget = budget
	return h
}
