package messages

import (
	"time"

	"fxcore/lambda/event"
)

// The jobs of settlement.
const (
	ExecuteDue   = "execute due trades"
	WatchCutOffs = "watch cut-offs"
)

// Job holds the fields of job.due that settlement reads.
type Job struct {
	Job  string    `json:"job"`
	Due  time.Time `json:"due"`
	Part int       `json:"part"` // from 0; each part causes the next one
}

// ReadJob decodes e. An error means that e can never be handled.
func ReadJob(e event.Event) (Job, error) {
	var j Job
	return j, e.Read(&j)
}
