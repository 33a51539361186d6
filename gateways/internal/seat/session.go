package seat

import (
	"context"
	"time"
)

// Session is one provider's session under one lease, for any protocol. The seat calls Prepare, Open and Start in this order,
// once each, and then either Stop or Abandon.
type Session[P any] interface {
	// Prepare does the work that takes long, before there is a lease. It must not read the session from the store. A
	// prepared session that is not needed is stopped with Stop.
	Prepare(ctx context.Context) error
	// Open reads the session from the store, under the epoch of the caller's lease. It may be called again if it fails.
	Open(ctx context.Context, epoch int64) error
	// Start begins to serve the session. If it fails, the session has ended.
	Start(ctx context.Context) error
	// Stop ends the session in good order: it finishes the requests under way first, as far as ctx allows.
	Stop(ctx context.Context) error
	// Abandon ends the session at once: it sends nothing and writes nothing more.
	Abandon(ctx context.Context) error

	// Check returns nil while the session can be served.
	Check(ctx context.Context) error
	// Failed returns why the session has ended by itself; nil while it goes on. A session that has failed is not served again.
	Failed() error
	// Status returns the present state of the session.
	Status() Status
	// Waiting returns the number of requests that the broker has not confirmed.
	Waiting() int
	// Update changes the rules that may change while the session goes on.
	Update(p P)
	// Farewell sets the text that the provider is told when the session stops.
	Farewell(text string)
}

// Status is the state of a session.
type Status struct {
	LoggedOn bool
	Since    time.Time // of LoggedOn
	NextIn   int       // number of the provider's next message
	NextOut  int       // number of the next message to it
}
