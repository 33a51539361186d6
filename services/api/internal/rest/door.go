package rest

import (
	"context"
	"time"
)

// doorBound is how long a request waits at a door.
const doorBound = time.Second

// door lets so many in at a time, whoever they are; the rest wait for a moment, and are refused then. A nil door lets all in.
type door chan struct{}

// newDoor returns a door for so many; 0: no bound.
func newDoor(most int) door {
	if most == 0 {
		return nil
	}
	return make(door, most)
}

// enter waits to be let in. leave must be called once, if there is no refusal.
func (d door) enter(ctx context.Context, what string) (leave func(), refusal *Problem) {
	if d == nil {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, doorBound)
	defer cancel()
	select {
	case d <- struct{}{}:
		return func() { <-d }, nil
	case <-ctx.Done():
		return nil, tooMany(what)
	}
}
