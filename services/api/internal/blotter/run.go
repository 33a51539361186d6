package blotter

import "time"

// Run is one run of a job of any service, or a command about a job that was refused.
type Run struct {
	ID         string     `json:"id" format:"uuid"`
	Service    string     `json:"service,omitempty" doc:"Absent until the run has ended"`
	Job        string     `json:"job"`
	Due        *time.Time `json:"due,omitempty" doc:"Absent: of a refused command that named none"`
	Attempt    int        `json:"attempt" doc:"0: started by the clock; from 1: by a person"`
	State      string     `json:"state" enum:"running,finished,failed,refused" doc:"refused: a command, and nothing was done"`
	Done       int64      `json:"done" doc:"In the job's own unit, such as legs"`
	Total      int64      `json:"total" doc:"0: not known"`
	PerSecond  float64    `json:"per_second" doc:"0: not known"`
	Remaining  int64      `json:"remaining_seconds" doc:"Estimated; 0: ended, or not known"`
	By         string     `json:"by,omitempty" doc:"The person who started it, or gave the command"`
	Reason     string     `json:"reason,omitempty"`
	Error      string     `json:"error,omitempty" doc:"Why it failed or was refused"`
	CommandID  string     `json:"command_id,omitempty" doc:"As the answer to the command told it"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`

	Part int `json:"-"` // how many are done, of a run under way
}

// Running is the state of a run that has not ended.
const Running = "running"
