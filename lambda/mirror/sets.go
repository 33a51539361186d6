package mirror

import (
	"context"
	"errors"
	"sync"
)

// Set is a [Mirror] of whatever type.
type Set interface {
	Run(ctx context.Context) error
	Ready(ctx context.Context) error
	Fresh(ctx context.Context) error
}

// Sets are the mirrors that a program decides on, followed as one.
type Sets []Set

// Run follows all sets until the context ends.
func (s Sets) Run(ctx context.Context) error {
	var following sync.WaitGroup
	faults := make([]error, len(s))
	for i, one := range s {
		following.Go(func() { faults[i] = one.Run(ctx) })
	}
	following.Wait()
	return errors.Join(faults...)
}

// Ready is a health check: it fails until every set has been loaded, and names the sets that have not.
func (s Sets) Ready(ctx context.Context) error { return s.all(ctx, Set.Ready) }

// Fresh is a health check: it fails if the last look at any set did.
func (s Sets) Fresh(ctx context.Context) error { return s.all(ctx, Set.Fresh) }

func (s Sets) all(ctx context.Context, check func(Set, context.Context) error) error {
	faults := make([]error, len(s))
	for i, one := range s {
		faults[i] = check(one, ctx)
	}
	return errors.Join(faults...)
}
