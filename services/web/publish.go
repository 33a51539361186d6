package web

import (
	"context"
	"time"

	"fxcore/lambda/event"
)

// publishBound is how long the broker may take to accept a message. A caller's request need not have an end of its own: that of HTTP/2
// has none, and while the broker is away a message would wait as long.
const publishBound = 3 * time.Second

// Publish hands events to the broker. It returns once the broker has them.
type Publish func(ctx context.Context, events ...event.Event) error

// Bounded returns p with an end.
func (p Publish) Bounded() Publish {
	return func(ctx context.Context, events ...event.Event) error {
		ctx, cancel := context.WithTimeout(ctx, publishBound)
		defer cancel()
		return p(ctx, events...)
	}
}
