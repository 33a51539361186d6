package store

import (
	"context"
	_ "embed" // the queries
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

var (
	//go:embed queries/asked.sql
	askedSQL string
	//go:embed queries/declined.sql
	declinedSQL string
)

// mostDeclined bounds an answer.
const mostDeclined = 100

// QueueDeclined queues a declined command.
func QueueDeclined(b *pgx.Batch, d blotter.Declined) {
	b.Queue("insert into declined (command, movement_id, action, by, reason, text, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (command) do nothing",
		d.CommandID, d.MovementID, d.Action, storable(d.By), storable(d.Reason), storable(d.Text), d.At)
	b.Queue(declinedSQL, d.MovementID, d.CommandID)
}

// QueueAsked queues a command about a movement, until its outcome is told.
func QueueAsked(b *pgx.Batch, a blotter.Asked) {
	b.Queue(askedSQL, a.MovementID, a.CommandID, a.Action, storable(a.By), a.At)
}

// Declined returns the commands about a movement that were declined, the latest first, at most mostDeclined.
func (m Model) Declined(ctx context.Context, movement string) ([]blotter.Declined, error) {
	rows, err := m.Pool.Query(ctx, `select command::text, movement_id, action, by, reason, text, at from declined where movement_id = $1
		order by at desc, declined.command limit $2`, movement, mostDeclined)
	if err != nil {
		return nil, fmt.Errorf("read declined commands about movement %s: %w", movement, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[blotter.Declined])
}
