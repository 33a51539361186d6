package jobs

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
)

// Job is work that is done in parts when it is due.
type Job struct {
	Name string // unique among all services: ids are derived from it
	Rule Rule   // when the job is due; nil if only a person starts it

	// Latest leaves out due times that were missed, but for the latest one. It is for a job that is due often, and whose run
	// does all that earlier ones have left.
	Latest bool

	// After names jobs of the same set, declared before this one. A run waits until every run of those jobs that is due at the
	// same time or before has ended, whether it failed or not. So a day's jobs keep their order when several days are made up
	// for. It does not hold up the next day of the jobs that it names.
	After []string

	// Quiet leaves out job.finished of runs of one part that go well, unless a person has started them. It is for a job that is due
	// every few seconds.
	Quiet bool

	// Rest says how long a consumer rests before it does a part, if that is not a run's first one: so a job yields to work for which somebody
	// waits. nil is no rest. A part that has to rest keeps those of other jobs that come after it waiting.
	Rest func() time.Duration

	Keep time.Duration // how long the row of an ended run is kept; 0 is 90 days

	// Begin returns the work of one part of a run. A part is a value of its own, because one batch of messages may do parts of
	// several jobs.
	Begin func(Run) Part
}

const usualKeep = 90 * 24 * time.Hour

func (j Job) keep() time.Duration {
	if j.Keep > 0 {
		return j.Keep
	}
	return usualKeep
}

// Part is the work of one part of a run. It is done in the transaction of the part's message, which lasts at most 15 s. A part that
// takes longer is tried again a bounded number of times, and then goes to the error queue. The queue's other parts go on meanwhile.
type Part interface {
	// Load queues the queries for what Do needs. They lock rows in the order in which the service locks them elsewhere.
	Load(b *pgx.Batch)

	// Do works in memory on what was loaded. now is the bank's time, never before the run's due time, and e is the part's
	// job.due. It returns how far the run is, and
	// the events that the part leads to besides those of the job itself, made by e.Next. An error ends the run as failed, and
	// Store is not called; an error made by [Later] leaves the part to be done later.
	Do(now time.Time, e event.Event) (Progress, []event.Event, error)

	// Store queues the writes of what Do changed.
	Store(b *pgx.Batch)
}

// Progress is how far a run is after a part.
type Progress struct {
	Done   int    // what is done since the run began, this part included, in a unit of the job's own
	Total  int    // what there is to do in all; 0 if that is not known
	Cursor string // where the next part begins; only the job reads it
	Last   bool   // whether the run is finished

	// Wait says what the next part has to wait for, such as an answer of another program. The run stands meanwhile: its next
	// part is asked for about a second later. Empty: the next part follows at once.
	Wait string
}

// Run is one run of a job, as a part finds it. It is the data of job.due.
type Run struct {
	Job       string    `json:"job"`                 // a reader ignores names that it does not know
	Due       time.Time `json:"due"`                 // the bank's time, UTC
	Attempt   int       `json:"attempt"`             // 0 if the clock started it; 1, 2 … if a person did
	Part      int       `json:"part"`                // number of this part, from 0
	Cursor    string    `json:"cursor,omitempty"`    // as the part before left it; empty for part 0
	Done      int       `json:"done"`                // as the part before left it
	Total     int       `json:"total"`               // as the part before left it; 0 if it is not known
	By        string    `json:"by,omitempty"`        // the person who started the run
	Reason    string    `json:"reason,omitempty"`    // the person's reason
	StartedAt time.Time `json:"started_at,omitzero"` // when part 0 was done, the bank's time; zero in part 0
}

// key identifies a run.
type key struct {
	job     string
	due     time.Time
	attempt int
}

func (r Run) key() key { return key{r.Job, r.Due.UTC(), r.Attempt} }
