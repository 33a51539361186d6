package witness

import (
	"context"
	"fmt"
	"sync"
)

// open counts the final answers that are still due, by reference. A reference that was used twice waits for two.
type open struct {
	who string

	mu    sync.Mutex
	left  map[string]int
	quiet chan struct{} // closed while no answer is due
}

func newOpen(who string) *open {
	o := &open{who: who, left: map[string]int{}, quiet: make(chan struct{})}
	close(o.quiet)
	return o
}

func (o *open) expect(reference string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.left) == 0 {
		o.quiet = make(chan struct{})
	}
	o.left[reference]++
}

// settle enters a final answer. It ignores an answer too many, because the record shows it.
func (o *open) settle(reference string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, known := o.left[reference]
	switch {
	case !known:
	case n > 1:
		o.left[reference] = n - 1
	default:
		if delete(o.left, reference); len(o.left) == 0 {
			close(o.quiet)
		}
	}
}

// Answered waits until every request has its final answer. When ctx ends, its error names one that has none.
func (o *open) Answered(ctx context.Context) error {
	o.mu.Lock()
	quiet := o.quiet
	o.mu.Unlock()
	select {
	case <-quiet:
		return nil
	case <-ctx.Done():
		o.mu.Lock()
		defer o.mu.Unlock()
		for reference := range o.left {
			return fmt.Errorf("%s waits for %d answers, one of them to %s: %w", o.who, len(o.left), reference, ctx.Err())
		}
		return nil
	}
}

// Open returns the number of references that wait for a final answer.
func (o *open) Open() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.left)
}
