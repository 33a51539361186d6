// Package fault has the faults that the simulated mainframe shows on command: slow, wrong or away, each for a stated time.
package fault

import (
	"fmt"
	"sync"
	"time"
)

// How the host is wrong or away.
const (
	Garbage     = "garbage"     // bytes that are no frame
	Partial     = "partial"     // half an answer, then the connection is closed
	Correlation = "correlation" // the answer to a question that nobody asked
	Record      = "record"      // a whole frame with a record cut short
	Trade       = "trade"       // a booking or a movement answered with another one's id
	Double      = "double"      // the right answer, twice
	Error       = "error"       // return code 16, nothing done, the connection is closed
	Die         = "die"         // money is moved, and the process ends before it answers
	HangUp      = "hangup"      // money is moved, and the connection is closed before the answer

	Refuse    = "refuse"    // nobody listens; connections are closed
	Close     = "close"     // connections are accepted and closed
	BlackHole = "blackhole" // connections are accepted, nothing is read or answered
)

// MaxDuration is the longest fault, so that a forgotten one ends by itself.
const MaxDuration = time.Hour

// Faults has the present faults. The zero value has none. It is safe for concurrent use.
type Faults struct {
	mu      sync.Mutex
	slow    ordered
	wrong   ordered
	away    ordered
	answers int // since wrong was ordered
}

// ordered is one fault with its end.
type ordered struct {
	how     string
	latency time.Duration
	every   int
	until   time.Time
}

func (o ordered) active(now time.Time) bool { return now.Before(o.until) }

// State has the faults at an instant, in the form of the control. An empty field means no such fault.
type State struct {
	Latency    string     `json:"latency,omitempty"`
	SlowUntil  *time.Time `json:"slow_until,omitempty"`
	Wrong      string     `json:"wrong,omitempty"`
	WrongUntil *time.Time `json:"wrong_until,omitempty"`
	Away       string     `json:"away,omitempty"`
	AwayUntil  *time.Time `json:"away_until,omitempty"`
}

// Slow makes every answer late by the latency until an instant.
func (f *Faults) Slow(latency time.Duration, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow = ordered{latency: latency, until: until}
}

// Wrong makes every n-th answer wrong until an instant; for Die and HangUp, every n-th answer to a movement. It fails if it does not know this kind of wrong answer.
func (f *Faults) Wrong(how string, every int, until time.Time) error {
	switch how {
	case Garbage, Partial, Correlation, Record, Trade, Double, Error, Die, HangUp:
	default:
		return fmt.Errorf("no such way to be wrong: %q", how)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong, f.answers = ordered{how: how, every: max(1, every), until: until}, 0
	return nil
}

// Away takes the host away until an instant. It fails if it does not know this kind of absence.
func (f *Faults) Away(how string, until time.Time) error {
	switch how {
	case Refuse, Close, BlackHole:
	default:
		return fmt.Errorf("no such way to be away: %q", how)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = ordered{how: how, until: until}
	return nil
}

// Well ends all faults.
func (f *Faults) Well() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow, f.wrong, f.away = ordered{}, ordered{}, ordered{}
}

// Latency returns how late an answer must be.
func (f *Faults) Latency(now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.slow.active(now) {
		return 0
	}
	return f.slow.latency
}

// NextWrong counts an answer and returns how it must be wrong; "" means right. moves tells whether it is one to a movement.
func (f *Faults) NextWrong(now time.Time, moves bool) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.wrong.active(now) || !moves && (f.wrong.how == Die || f.wrong.how == HangUp) {
		return ""
	}
	f.answers++
	if f.answers%f.wrong.every != 0 {
		return ""
	}
	return f.wrong.how
}

// Absence returns how the host is away; "" means that it is there.
func (f *Faults) Absence(now time.Time) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.away.active(now) {
		return ""
	}
	return f.away.how
}

// State returns the faults at an instant.
func (f *Faults) State(now time.Time) State {
	f.mu.Lock()
	defer f.mu.Unlock()
	var s State
	if f.slow.active(now) {
		s.Latency, s.SlowUntil = f.slow.latency.String(), &f.slow.until
	}
	if f.wrong.active(now) {
		s.Wrong, s.WrongUntil = f.wrong.how, &f.wrong.until
	}
	if f.away.active(now) {
		s.Away, s.AwayUntil = f.away.how, &f.away.until
	}
	return s
}
