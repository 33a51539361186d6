package steps

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/reconciliation"
	"fxcore/services/settlement/internal/store"
)

// statementPage is how many movements are asked for at once.
const statementPage = 1000

// silence is how long a run waits for the next page of a statement, by the database server's clock. Then the run ends as failed, and
// another run of the day may begin.
const silence = 2 * time.Hour

// reconcile is a part of the job that compares a day with the mainframe. Part 0 asks for the statement of the day before the due time.
// The pages that come are compared by compare, while the run waits. Then the run's parts list what the statement lacks, and the last
// one tells the result. The cursor is the run's attempt of the day, and the movement that was listed last.
type reconcile struct {
	run     jobs.Run
	size    int
	attempt int
	after   string
	last    *int                 // of part 0: the latest attempt
	found   **reconciliation.Run // of later parts
	lacking store.Ours
	listed  []reconciliation.Difference
	at      time.Time
}

func reconciling(run jobs.Run, size int) *reconcile {
	attempt, after, _ := strings.Cut(run.Cursor, " ")
	number, _ := strconv.Atoi(attempt)
	return &reconcile{run: run, size: size, attempt: number, after: after, lacking: store.Ours{}}
}

// Load loads the latest attempt of the day, or locks the run and loads what its statement lacks.
func (r *reconcile) Load(b *pgx.Batch) {
	if r.attempt == 0 {
		r.last = store.QueueLastReconciliation(b, r.day())
		return
	}
	zone := mainframeZone()
	span := store.Span{From: midnight(r.day(), zone), Until: midnight(r.day().AddDays(1), zone)}
	r.found = store.QueueReconciliation(b, r.day(), r.attempt)
	r.lacking.QueueNotFound(b, r.day(), r.attempt, span, r.after, r.size)
}

// Do asks for the statement, waits for it, and lists what it lacks.
func (r *reconcile) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	r.at = now
	if r.attempt == 0 {
		asked, err := ask(e, r.day(), *r.last+1, 0)
		return jobs.Progress{Cursor: strconv.Itoa(*r.last + 1), Wait: "the mainframe's statement"}, asked, err
	}
	switch run := *r.found; {
	case run == nil || run.Finished:
		return jobs.Progress{}, nil, fmt.Errorf("comparison %d of %s has ended", r.attempt, r.day())
	case !run.AtEnd && run.Silence > silence:
		return jobs.Progress{}, nil, fmt.Errorf("no page of the statement of %s has come for %s: look at mainframe.statements and fx.errors", r.day(), silence)
	case !run.AtEnd:
		return jobs.Progress{Done: run.Compared, Total: run.Total, Cursor: r.run.Cursor, Wait: "the mainframe's statement"}, nil, nil
	case !run.Complete:
		return jobs.Progress{}, nil, errors.New("the mainframe's day is not over, so its statement is not final")
	default:
		return r.list(run, e)
	}
}

// list adds the next movements that the statement lacks. After the last ones it tells the result.
func (r *reconcile) list(run *reconciliation.Run, e event.Event) (jobs.Progress, []event.Event, error) {
	ids := slices.Sorted(maps.Keys(r.lacking))
	for _, id := range ids {
		ours := r.lacking[id]
		r.listed = append(r.listed, reconciliation.Difference{Kind: reconciliation.Missing, Ours: &ours.Moved})
	}
	run.Differences += len(ids)
	if len(ids) == r.size {
		return jobs.Progress{Done: run.Compared, Total: run.Total, Cursor: strconv.Itoa(r.attempt) + " " + ids[len(ids)-1]}, nil, nil
	}
	run.Finished = true
	told, err := e.Next(contract.SettlementReconciled, messages.Reconciled{
		Day: run.Day.String(), Attempt: run.Attempt, Movements: run.Compared, Differences: run.Differences, AsOf: run.AsOf,
	})
	told.Origin, told.Correlation = contract.Batch, messages.StoryOf(run.Day, run.Attempt)
	return jobs.Progress{Done: run.Compared, Total: run.Total, Last: true}, []event.Event{told}, err
}

// Store writes that the comparison has begun, or what was listed.
func (r *reconcile) Store(b *pgx.Batch) {
	switch {
	case r.attempt == 0:
		store.QueueBeginReconciliation(b, r.day(), *r.last+1, r.at)
	case (*r.found).AtEnd:
		store.QueueCompared(b, *r.found, r.listed)
	}
}

// day is the mainframe's day before the run is due.
func (r *reconcile) day() fxdate.Date {
	return fxdate.DateOf(r.run.Due.In(mainframeZone())).AddDays(-1)
}

func midnight(day fxdate.Date, zone *time.Location) time.Time {
	year, month, date := day.Time().Date()
	return time.Date(year, month, date, 0, 0, 0, 0, zone)
}

// mainframeZone is where the mainframe's days begin and end.
func mainframeZone() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the program has the zones in itself
	}
	return zone
}

func ask(e event.Event, day fxdate.Date, attempt, first int) ([]event.Event, error) {
	asked, err := e.Next(contract.StatementRequested, messages.StatementRequested{Day: day.String(), First: first, Most: statementPage}, strconv.Itoa(first))
	asked.Origin, asked.Correlation = contract.Batch, messages.StoryOf(day, attempt)
	return contract.One(asked, err)
}
