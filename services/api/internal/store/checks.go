package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

// The first outcome of a check stays.
const writeCheckSQL = `insert into linecheck (id, state, facts) values ($1, $2, $3)
	on conflict (id) do update set state = excluded.state, facts = excluded.facts where linecheck.state = 'pending'`

// QueueCheck queues the write of what is known of a check.
func QueueCheck(b *pgx.Batch, c blotter.Check) {
	document, _ := json.Marshal(c) // texts, numbers and times that came as JSON: never fails
	b.Queue(writeCheckSQL, c.ID, string(c.State()), string(document))
}

// Check returns what is known of a line check. The id must be a UUID. Error: ErrNone.
func (m Model) Check(ctx context.Context, id string) (c blotter.Check, err error) {
	var document []byte
	err = m.Pool.QueryRow(ctx, "select facts from linecheck where id = $1", id).Scan(&document)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrNone
	}
	if err != nil {
		return c, fmt.Errorf("read check %s: %w", id, err)
	}
	return c, json.Unmarshal(document, &c)
}
