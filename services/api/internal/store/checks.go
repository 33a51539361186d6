package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

// The first outcome of a check stays.
const writeChecksSQL = `insert into linecheck (id, state, facts) select * from unnest($1::uuid[], $2::text[], $3::json[]) order by 1
	on conflict (id) do update set state = excluded.state, facts = excluded.facts where linecheck.state = 'pending'`

// QueueChecks queues the write of what is known of checks, which are sorted by id. Of several outcomes of one check the first stays.
func QueueChecks(b *pgx.Batch, sorted []blotter.Check) {
	if len(sorted) == 0 {
		return
	}
	var ids, states, documents []string
	for _, c := range slices.CompactFunc(sorted, func(a, b blotter.Check) bool { return a.ID == b.ID }) {
		document, _ := json.Marshal(c) // texts, numbers and times that came as JSON: never fails
		ids, states, documents = append(ids, c.ID), append(states, string(c.State())), append(documents, string(document))
	}
	b.Queue(writeChecksSQL, ids, states, documents)
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
