package schedule

import (
	"context"
	"errors"
	"sync"
)

// result is how a task ended last. It is safe for concurrent use.
type result struct {
	mu  sync.Mutex
	err error
}

// note remembers how the task ended. It reports whether a failure is the first one after a success, which is worth a line of the
// log. The end of the program is no failure.
func (r *result) note(err error) (first bool) {
	if errors.Is(err, context.Canceled) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	first = err != nil && r.err == nil
	r.err = err
	return first
}

func (r *result) fault() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}
