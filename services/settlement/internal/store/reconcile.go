package store

import (
	_ "embed" // the queries
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/reconciliation"
)

var (
	//go:embed queries/lock_reconciliation.sql
	lockReconciliationSQL string
	//go:embed queries/begin_reconciliation.sql
	beginReconciliationSQL string
	//go:embed queries/last_reconciliation.sql
	lastReconciliationSQL string
	//go:embed queries/abandon_reconciliations.sql
	abandonReconciliationsSQL string
	//go:embed queries/forget_found.sql
	forgetFoundSQL string
	//go:embed queries/found.sql
	foundSQL string
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

// QueueLastReconciliation queues the query for the latest run of a day; 0 afterwards if there is none.
func QueueLastReconciliation(b *pgx.Batch, day fxdate.Date) *int {
	last := new(int)
	b.Queue(lastReconciliationSQL, day.Time()).QueryRow(func(row pgx.Row) error { return wrap("look for reconciliations", row.Scan(last)) })
	return last
}

// QueueBeginReconciliation queues the insert of a run, which takes the place of earlier runs of the day that have no result.
func QueueBeginReconciliation(b *pgx.Batch, day fxdate.Date, attempt int, at time.Time) {
	b.Queue(beginReconciliationSQL, day.Time(), attempt, at)
	b.Queue(abandonReconciliationsSQL, day.Time(), attempt)
	b.Queue(forgetFoundSQL, day.Time(), attempt)
}

// QueueReconciliation queues the query that locks a run; nil afterwards if there is none.
func QueueReconciliation(b *pgx.Batch, day fxdate.Date, attempt int) **reconciliation.Run {
	found := new(*reconciliation.Run)
	b.Queue(lockReconciliationSQL, day.Time(), attempt).QueryRow(func(row pgx.Row) error {
		var run reconciliation.Run
		var date time.Time
		var silence float64
		err := row.Scan(&date, &run.Attempt, &run.Compared, &run.Total, &run.Differences, &run.AtEnd, &run.Complete, &run.Finished,
			&run.AsOf, &silence)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		run.Silence = time.Duration(silence * float64(time.Second))
		run.Day, *found = fxdate.DateOf(date), &run
		return wrap("lock a reconciliation", err)
	})
	return found
}

// Found holds ids that earlier pages of a run have named.
type Found map[string]bool

// QueueFound queues the query for which movements of a page earlier pages have named.
func (f Found) QueueFound(b *pgx.Batch, day fxdate.Date, attempt int, page []reconciliation.Moved) {
	b.Queue(foundSQL, day.Time(), attempt, namesOf(page)).Query(func(rows pgx.Rows) error {
		var id string
		_, err := pgx.ForEachRow(rows, []any{&id}, func() error { f[id] = true; return nil })
		return wrap("look for repeated movements", err)
	})
}

// namesOf returns ids as the database can hold them.
func namesOf(page []reconciliation.Moved) []string {
	names := make([]string, len(page))
	for i, m := range page {
		names[i] = clean(m.ID)
	}
	return names
}

// Our is a movement that we know, and the entries by which the ledger holds it for paid.
type Our struct {
	reconciliation.Moved
	Booked []ledger.Transfer
}

// Ours holds movements that we know, by id.
type Ours map[string]Our

// QueueOurs queues the query for movements that a page names. postingOf returns the posting by which a movement is paid.
func (o Ours) QueueOurs(b *pgx.Batch, page []reconciliation.Moved, postingOf func(id string) string) {
	ids := idsOf(page)
	postings := make([]string, len(ids))
	for i, id := range ids {
		postings[i] = postingOf(id)
	}
	b.Queue(oursSQL, ids, postings).Query(o.scan)
}

// Span is a day of the mainframe, from its beginning until before its end.
type Span struct{ From, Until time.Time }

// QueueNotFound queues the query for the next movements of a run's day that no page has named, after an id, at most limit.
func (o Ours) QueueNotFound(b *pgx.Batch, day fxdate.Date, attempt int, span Span, after string, limit int) {
	b.Queue(notFoundSQL, day.Time(), attempt, span.From, span.Until, after, limit).Query(o.scan)
}

func (o Ours) scan(rows pgx.Rows) error {
	for rows.Next() {
		var m Our
		var list, booked []lineRow
		if err := rows.Scan(&m.ID, &m.Reference, &m.State, &list, &m.Early, &m.Client, &m.ValueDate, &booked); err != nil {
			return wrap("load movements", err)
		}
		for _, l := range list {
			m.Lines = append(m.Lines, movement.Line(l))
		}
		for _, l := range booked {
			m.Booked = append(m.Booked, ledger.Transfer{Currency: l.Currency, Amount: l.Amount, From: ledger.Book(l.From), To: ledger.Book(l.To)})
		}
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

// QueueFoundOn queues the insert of the movements that a page names.
func QueueFoundOn(b *pgx.Batch, run *reconciliation.Run, page []reconciliation.Moved) {
	b.Queue(markFoundSQL, run.Day.Time(), run.Attempt, namesOf(page))
}

// QueueCompared queues the writes of the run and of differences. A run that is finished needs its found movements no more.
func QueueCompared(b *pgx.Batch, run *reconciliation.Run, found []reconciliation.Difference) {
	b.Queue(saveReconciliationSQL, run.Day.Time(), run.Attempt, run.Compared, run.Total, run.Differences, run.AtEnd, run.Complete,
		run.Finished, run.AsOf)
	if run.Finished {
		b.Queue(forgetFoundSQL, run.Day.Time(), run.Attempt)
	}
	if len(found) == 0 {
		return
	}
	var ids, kinds, ours, theirs []string
	var positions []int
	for _, d := range found {
		ids, kinds, positions = append(ids, clean(idOf(d))), append(kinds, string(d.Kind)), append(positions, d.Position)
		ours, theirs = append(ours, sideOf(d.Ours)), append(theirs, sideOf(d.Theirs))
	}
	b.Queue(insertDifferencesSQL, run.Day.Time(), run.Attempt, ids, kinds, positions, ours, theirs)
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
		Client    string         `json:"client,omitempty"`
		ValueDate string         `json:"value_date,omitempty"`
		Lines     []lineRow      `json:"lines"`
	}{m.Reference, m.State, m.Client, m.ValueDate, linesOf(m.Lines)}))
}
