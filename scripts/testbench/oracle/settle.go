package oracle

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// pause is between two looks at a core that has not come to rest.
const pause = 500 * time.Millisecond

// Settle collects and judges until no violation is left that time may heal, or ctx ends. It returns the last judgement,
// nil if all is well; if ctx ends while it collects once more, the one before.
func Settle(ctx context.Context, collect func(context.Context) (Evidence, error), rules ...Rule) ([]Violation, error) {
	var found []Violation
	for {
		e, err := collect(ctx)
		switch {
		case err != nil && ctx.Err() != nil && len(found) > 0:
			return found, nil
		case err != nil:
			return nil, fmt.Errorf("collect evidence: %w", err)
		}
		found = Judge(e, rules...)
		if !slices.ContainsFunc(found, func(v Violation) bool { return v.Passing }) {
			return found, nil
		}
		select {
		case <-ctx.Done():
			return found, nil
		case <-time.After(pause):
		}
	}
}
