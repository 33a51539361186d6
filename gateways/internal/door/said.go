package door

import (
	"log/slog"
	"sync"
	"time"
)

// Said bounds how many lines of the log one provider can cause, and counts what is left out.
type Said struct {
	mu      sync.Mutex
	pace    *Throttle
	leftOut int
}

// sayRate is for one provider. A session's usual life causes a few lines a day.
var sayRate = Rate{PerSecond: 1, Burst: 50} //nolint:gochecknoglobals // a constant

// NewSaid returns a Said that has not counted anything.
func NewSaid() *Said { return &Said{pace: NewThrottle(sayRate)} }

// Let calls say, unless the provider has caused too many lines. The logger says how many lines were left out before this one.
func (s *Said) Let(log *slog.Logger, say func(log *slog.Logger)) {
	s.mu.Lock()
	loud, leftOut := s.pace.Allow(time.Now()), s.leftOut
	if s.leftOut = 0; !loud {
		s.leftOut = leftOut + 1
	}
	s.mu.Unlock()
	if !loud {
		return
	}
	if leftOut > 0 {
		log = log.With("left_out", leftOut)
	}
	say(log)
}
