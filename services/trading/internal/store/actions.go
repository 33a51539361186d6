package store

import (
	_ "embed" // the queries
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/trading/internal/action"
)

var (
	//go:embed queries/lock_actions.sql
	lockActionsSQL string
	//go:embed queries/save_action.sql
	saveActionSQL string
)

// Actions are actions on trades, by id. It is filled when the batch has been sent.
type Actions map[string]*action.Proposal

// QueueActions queues the query that locks the actions of the given ids, and those that are proposed on the given trades. The caller has
// locked the lives of the trades before, so that two batches lock in the same order.
func QueueActions(b *pgx.Batch, ids, trades []string) Actions {
	found := Actions{}
	if len(ids) > 0 || len(trades) > 0 {
		b.Queue(lockActionsSQL, ids, trades).Query(found.scan)
	}
	return found
}

func (a Actions) scan(rows pgx.Rows) error {
	for rows.Next() {
		var p action.Proposal
		var decided *time.Time
		if err := rows.Scan(&p.ID, &p.Kind, &p.On.ID, &p.On.Version, &p.State, &p.Reason, &p.By, &p.At, &p.Until, &p.DecidedBy, &decided,
			&p.Decision, &p.Code, &p.Text); err != nil {
			return fmt.Errorf("read an action: %w", err)
		}
		p.At, p.Until, p.DecidedAt = p.At.UTC(), p.Until.UTC(), orZero(decided)
		a[p.ID] = &p
	}
	return rows.Err()
}

// QueueSaveAction queues the write of a new action, or of what was decided about one. It fails the batch if two people are one (23514), or if
// another action is proposed on the version (23505).
func QueueSaveAction(b *pgx.Batch, p action.Proposal) {
	b.Queue(saveActionSQL, p.ID, p.Kind, p.On.ID, p.On.Version, p.State, clean(p.Reason), clean(p.By), p.At, p.Until,
		clean(p.DecidedBy), known(p.DecidedAt), clean(p.Decision), p.Code, clean(p.Text))
}
