package steps

import (
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

// statementPage is how many movements are asked for at once.
const statementPage = 1000

// reconcile is the job that compares a day with the mainframe: it asks for the statement of the day before the due time. The
// pages that come are compared by compare.
type reconcile struct {
	run jobs.Run
	at  time.Time
}

// Load loads nothing.
func (r *reconcile) Load(*pgx.Batch) {}

// Do asks for the first movements of the day.
func (r *reconcile) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	r.at = now
	asked, err := ask(e, r.day(), r.run.Attempt, 0)
	return jobs.Progress{Done: 1, Total: 1, Last: true}, asked, err
}

// Store writes that the comparison has begun.
func (r *reconcile) Store(b *pgx.Batch) {
	store.QueueBeginReconciliation(b, r.day(), r.run.Attempt, r.at)
}

// day is the mainframe's day before the run is due.
func (r *reconcile) day() fxdate.Date {
	return fxdate.DateOf(r.run.Due.In(mainframeZone())).AddDays(-1)
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
