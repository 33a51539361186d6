package messages

import (
	"errors"
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// run holds the fields of job.due and job.finished.
type run struct {
	Service    string    `json:"service"`
	Job        string    `json:"job"`
	Due        time.Time `json:"due"`
	Attempt    int       `json:"attempt"`
	Part       int       `json:"part"` // of job.due: this part's number, so that many are done
	State      string    `json:"state"`
	Error      string    `json:"error"`
	Done       int64     `json:"done"`
	Total      int64     `json:"total"`
	By         string    `json:"by"`
	Reason     string    `json:"reason"`
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
}

// refused is the state of a command that was refused.
const refused = "refused"

// ReadDue decodes job.due, which tells how far a run is. It returns false for the first part of a run that the clock started: most
// of these runs find nothing to do and are never heard of again.
func ReadDue(e event.Event) (r blotter.Run, tells bool, err error) {
	d, err := read[run](e)
	if err != nil || d.Part == 0 && d.By == "" {
		return r, false, err
	}
	d.State = blotter.Running
	r, err = d.run(e)
	if d.Part > 0 {
		r.CommandID = "" // the part before caused the message
	}
	return r, true, err
}

// ReadFinished decodes job.finished: a run has ended, or a command was refused.
func ReadFinished(e event.Event) (blotter.Run, error) {
	d, err := read[run](e)
	if err != nil {
		return blotter.Run{}, err
	}
	r, err := d.run(e)
	if d.State == refused {
		r.ID = e.ID
		return r, err
	}
	r.CommandID = ""
	return r, err
}

// run returns the run as the read model keeps it. Its id follows from what identifies it.
func (d run) run(e event.Event) (blotter.Run, error) {
	if d.Job == "" || d.State == "" || d.Due.IsZero() && d.State != refused {
		return blotter.Run{}, errors.New("read about a job: it has no name, no state or no due time")
	}
	r := blotter.Run{
		ID:      event.NewID(event.DayOf(d.Due), "run", d.Job, d.Due.UTC().Format(time.RFC3339Nano), strconv.Itoa(d.Attempt)),
		Service: d.Service, Job: d.Job, Due: set(d.Due), Attempt: d.Attempt, State: d.State, Part: d.Part, Done: d.Done, Total: d.Total,
		By: d.By, Reason: d.Reason, Error: d.Error, StartedAt: set(d.StartedAt), FinishedAt: set(d.FinishedAt),
	}
	if contract.IsID(e.Causation) {
		r.CommandID = e.Causation
	}
	return r, contract.CheckTexts(d.Service, d.Job, d.By)
}

// set returns nil for no time.
func set(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
