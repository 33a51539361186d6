package jobs

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Standing is how a run stands now.
type Standing struct {
	Run                  // its Part is the next one
	State      string    // due, running, finished or failed
	Error      string    // why it failed
	FinishedAt time.Time // the bank's time; zero while it is under way
	Asked      int       // how often the next part's message was published again
	WaitsFor   string    // what the next part waits for; empty if it waits for nothing

	// Took is how long the run has worked, by the database server's clock: a jump of the bank's clock does not count.
	Took time.Duration
}

func readStanding(row pgx.CollectableRow) (s Standing, err error) {
	var r record
	var seconds float64
	destinations, settle := r.columns()
	if err := row.Scan(append(destinations, &s.Asked, &seconds)...); err != nil {
		return s, fmt.Errorf("read a run: %w", err)
	}
	settle()
	s.Run, s.State, s.Error, s.WaitsFor, s.FinishedAt = r.Run, r.state, r.fault, r.waits, r.finished
	s.Took = time.Duration(seconds * float64(time.Second))
	return s, nil
}

func (s Standing) underWay() bool { return s.State == Due || s.State == Running }

// shortest is how long a run must have worked for a rate to mean anything. A run of one small part ends in the transaction in which it begins.
const shortest = 100 * time.Millisecond

// PerSecond returns how much is done in a second; 0 if nothing is done yet, or not for long enough to tell.
func (s Standing) PerSecond() float64 {
	if s.Took < shortest {
		return 0
	}
	return float64(s.Done) / s.Took.Seconds()
}

// Remaining estimates how long the run still takes, from its rate until now; 0 if it has ended or nothing is known.
func (s Standing) Remaining() time.Duration {
	rate := s.PerSecond()
	if !s.underWay() || rate == 0 || s.Total <= s.Done {
		return 0
	}
	return time.Duration(float64(s.Total-s.Done) / rate * float64(time.Second))
}
