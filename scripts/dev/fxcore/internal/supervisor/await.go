package supervisor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// await waits until all children are ready, at most for patience. It gives up at once if one of them has ended three
// times. Its error names those that are not ready; if ctx is cancelled, it is context.Canceled.
func (s *Supervisor) await(ctx context.Context, children []*process.Child, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		late := notReady(children)
		if len(late) == 0 {
			return nil
		}
		if hopeless(late) {
			return failure(late)
		}
		select {
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), context.Canceled) {
				return context.Canceled
			}
			return failure(late)
		case <-tick.C:
		}
	}
}

func notReady(children []*process.Child) (late []*process.Child) {
	for _, c := range children {
		if c.Status().State != process.Ready {
			late = append(late, c)
		}
	}
	return late
}

// hopeless reports whether a process has ended three times without being ready: waiting longer will not help.
func hopeless(late []*process.Child) bool {
	for _, c := range late {
		if c.Status().Restarts >= 3 {
			return true
		}
	}
	return false
}

// failure returns an error that names the late processes, and the reason of the first.
func failure(late []*process.Child) error {
	var names []string
	for _, c := range late {
		names = append(names, c.Spec.ID())
	}
	return fmt.Errorf("not ready: %s (%s)", strings.Join(names, ", "), late[0].Status().Reason)
}

// withLastWords adds the end of the first late process's log to an error.
func withLastWords(err error, late []*process.Child) error {
	if len(late) == 0 {
		return err
	}
	log := late[0].Spec.Log
	return fmt.Errorf("%w\nthe last lines of %s:\n  %s", err, log, strings.Join(process.Tail(log, 12), "\n  "))
}
