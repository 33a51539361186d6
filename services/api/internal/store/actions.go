package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

// mostActions bounds an answer.
const mostActions = 500

// QueueAction queues what was told of an action. What has ended stays as it ended.
func QueueAction(b *pgx.Batch, a blotter.Action) {
	document, _ := json.Marshal(a) // texts, numbers and times that came as JSON: never fails
	b.Queue(`insert into action (id, trade_id, state, proposed_at, facts) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set state = excluded.state, facts = excluded.facts where action.state = 'proposed' and excluded.state <> 'proposed'`,
		a.ID, a.TradeID, storable(a.State), a.ProposedAt, storable(string(document)))
}

// Action returns an action. Error: ErrNone.
func (m Model) Action(ctx context.Context, id string) (a blotter.Action, err error) {
	var document []byte
	err = m.Pool.QueryRow(ctx, "select facts from action where id = $1", id).Scan(&document)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrNone
	}
	if err == nil {
		err = json.Unmarshal(document, &a)
	}
	if err != nil {
		return a, fmt.Errorf("read action %s: %w", id, err)
	}
	return a, nil
}

// Actions returns the actions that wait for a second person, or those on a trade: the oldest first, at most mostActions.
func (m Model) Actions(ctx context.Context, trade string) ([]blotter.Action, error) {
	statement, args := "select facts from action where state = 'proposed' order by proposed_at, id limit $1", []any{mostActions}
	if trade != "" {
		statement, args = "select facts from action where trade_id = $2 order by proposed_at, id limit $1", []any{mostActions, trade}
	}
	rows, err := m.Pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("list actions: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a blotter.Action, err error) {
		var document []byte
		if err := row.Scan(&document); err != nil {
			return a, err
		}
		return a, json.Unmarshal(document, &a)
	})
}
