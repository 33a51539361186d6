package store

import (
	_ "embed" // the queries
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/reconciliation"
)

var (
	//go:embed queries/lock_reconciliation.sql
	lockReconciliationSQL string
	//go:embed queries/begin_reconciliation.sql
	beginReconciliationSQL string
	//go:embed queries/save_reconciliation.sql
	saveReconciliationSQL string
	//go:embed queries/ours.sql
	oursSQL string
	//go:embed queries/not_found.sql
	notFoundSQL string
	//go:embed queries/mark_found.sql
	markFoundSQL string
	//go:embed queries/insert_differences.sql
	insertDifferencesSQL string
)

// QueueBeginReconciliation queues the insert of a run. A run that is there stays as it is.
func QueueBeginReconciliation(b *pgx.Batch, day fxdate.Date, attempt int, at time.Time) {
	b.Queue(beginReconciliationSQL, day.Time(), attempt, at)
}

// QueueReconciliation queues the query that locks a run; nil afterwards if there is none.
func QueueReconciliation(b *pgx.Batch, day fxdate.Date, attempt int) **reconciliation.Run {
	found := new(*reconciliation.Run)
	b.Queue(lockReconciliationSQL, day.Time(), attempt).QueryRow(func(row pgx.Row) error {
		var run reconciliation.Run
		var date time.Time
		err := row.Scan(&date, &run.Attempt, &run.Compared, &run.Differences, &run.Finished, &run.AsOf)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		run.Day, *found = fxdate.DateOf(date), &run
		return wrap("lock a reconciliation", err)
	})
	return found
}

// Ours holds movements that we know, by id.
type Ours map[string]reconciliation.Moved

// QueueOurs queues the query for movements that a page names.
func (o Ours) QueueOurs(b *pgx.Batch, page []reconciliation.Moved) {
	b.Queue(oursSQL, idsOf(page)).Query(o.scan)
}

// QueueNotFound queues the query for movements of a day that no page has named so far. from and until bound the day.
func (o Ours) QueueNotFound(b *pgx.Batch, from, until time.Time, run string) {
	b.Queue(notFoundSQL, from, until, run).Query(o.scan)
}

func (o Ours) scan(rows pgx.Rows) error {
	for rows.Next() {
		var m reconciliation.Moved
		var state string
		var lines []byte
		if err := rows.Scan(&m.ID, &m.Reference, &state, &lines); err != nil {
			return wrap("load movements", err)
		}
		var list []lineRow
		if err := json.Unmarshal(lines, &list); err != nil {
			return wrap("load movements", err)
		}
		for _, l := range list {
			m.Lines = append(m.Lines, movement.Line(l))
		}
		m.State = movement.State(state)
		o[m.ID] = m
	}
	return wrap("load movements", rows.Err())
}

// idsOf returns the ids of movements, without those that cannot be ours.
func idsOf(page []reconciliation.Moved) []string {
	ids := make([]string, 0, len(page))
	for _, m := range page {
		if contract.IsID(m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// QueueCompared queues the writes of a page: the run, the movements found, the differences.
func QueueCompared(b *pgx.Batch, run *reconciliation.Run, story string, page []reconciliation.Moved, found []reconciliation.Difference) {
	b.Queue(saveReconciliationSQL, run.Day.Time(), run.Attempt, run.Compared, run.Differences, run.Finished, run.AsOf)
	b.Queue(markFoundSQL, idsOf(page), story)
	if len(found) == 0 {
		return
	}
	var ids, kinds, ours, theirs []string
	for _, d := range found {
		ids, kinds = append(ids, clean(idOf(d))), append(kinds, string(d.Kind))
		ours, theirs = append(ours, sideOf(d.Ours)), append(theirs, sideOf(d.Theirs))
	}
	b.Queue(insertDifferencesSQL, run.Day.Time(), run.Attempt, ids, kinds, ours, theirs)
}

func idOf(d reconciliation.Difference) string {
	if d.Theirs != nil {
		return d.Theirs.ID
	}
	return d.Ours.ID
}

// sideOf returns one side of a difference as JSON; empty if that side does not know it.
func sideOf(m *reconciliation.Moved) string {
	if m == nil {
		return ""
	}
	return clean(text(struct {
		Reference string         `json:"reference"`
		State     movement.State `json:"state,omitempty"`
		Lines     []lineRow      `json:"lines"`
	}{m.Reference, m.State, linesOf(m.Lines)}))
}
