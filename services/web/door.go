package web

import (
	"context"
	"time"
)

// doorBound is how long a request waits at a Door.
const doorBound = time.Second

// Door lets so many in at a time, whoever they are; the rest wait for a moment, and are refused then. A nil Door lets all in.
type Door chan struct{}

// NewDoor returns a door for so many; 0: no bound.
func NewDoor(most int) Door {
	if most == 0 {
		return nil
	}
	return make(Door, most)
}

// Enter waits to be let in. leave must be called once, if there is no refusal. what names in the refusal what is under way.
func (d Door) Enter(ctx context.Context, what string) (leave func(), refusal *Problem) {
	if d == nil {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, doorBound)
	defer cancel()
	select {
	case d <- struct{}{}:
		return func() { <-d }, nil
	case <-ctx.Done():
		return nil, TooMany(what)
	}
}
