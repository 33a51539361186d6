package jobs

import (
	"embed"
	"strconv"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// The states of a run. Refused is only in job.finished.
const (
	Due      = "due"      // no part is done
	Running  = "running"  // a part is done, others follow
	Finished = "finished" // all parts are done
	Failed   = "failed"   // a part failed, or a person stopped the run
	Refused  = "refused"  // a command was refused: nothing was started or stopped
)

// What a person may command.
const (
	Start = "start"
	Stop  = "stop" // ends a run that is under way; what its parts did stays
)

// Command is the data of job.commanded.
type Command struct {
	Service string    `json:"service,omitempty"` // the service that has the job; empty: whoever has it
	Job     string    `json:"job"`
	Action  string    `json:"action,omitempty"` // start or stop; empty is start
	Due     time.Time `json:"due,omitzero"`     // start: the due time that the run is for; zero is now
	By      string    `json:"by"`               // who commands it, and why: both are required
	Reason  string    `json:"reason"`
}

// Ended is the data of job.finished.
type Ended struct {
	Service    string    `json:"service"`
	Job        string    `json:"job"`
	Due        time.Time `json:"due"`
	Attempt    int       `json:"attempt"`
	State      string    `json:"state"`           // finished, failed or refused
	Error      string    `json:"error,omitempty"` // why the run failed or the command was refused
	Parts      int       `json:"parts"`           // how many are done
	Done       int       `json:"done"`
	Total      int       `json:"total"`
	By         string    `json:"by,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	StartedAt  time.Time `json:"started_at,omitzero"`
	FinishedAt time.Time `json:"finished_at"`
}

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that a service with jobs publishes, its command line included.
func Publications() []amqp.Publication {
	return append(commands(),
		contract.Publication(samples, contract.JobDue, "A part of a job is due. The service that has the job does it."),
		contract.Publication(samples, contract.JobFinished, "A run of a job has ended, or a command about a job was refused: the error says why."),
	)
}

func commands() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.JobCommanded, "A person starts a job by hand, or stops a run of it.").WithProof(),
	}
}

// event returns the message of the run's next part. It is the same one whenever it is made, whoever makes it.
func (r Run) event() (event.Event, error) {
	return event.New(contract.JobDue, r.id(), contract.Batch, r.story(), r)
}

func (r Run) id() string {
	return event.NewID(event.DayOf(r.Due), contract.JobDue.Name, r.Job, r.Due.UTC().Format(time.RFC3339Nano), strconv.Itoa(r.Attempt), strconv.Itoa(r.Part))
}

// story is the correlation of all messages of a run.
func (r Run) story() string {
	text := r.Job + " " + r.Due.UTC().Format(time.RFC3339Nano)
	if r.Attempt > 0 {
		text += " #" + strconv.Itoa(r.Attempt)
	}
	return text
}
