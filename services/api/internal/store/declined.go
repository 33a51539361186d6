package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

// mostDeclined bounds an answer.
const mostDeclined = 100

// QueueDeclined queues a declined command.
func QueueDeclined(b *pgx.Batch, d blotter.Declined) {
	b.Queue("insert into declined (command, movement_id, action, by, reason, text, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (command) do nothing",
		d.CommandID, d.MovementID, d.Action, storable(d.By), storable(d.Reason), storable(d.Text), d.At)
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
