package seat

import (
	"context"
	"time"
)

// Session is one provider's session, of whatever protocol, under one lease. It is made, prepared, opened, started, and
// then stopped or abandoned, in this order and once each.
type Session[P any] interface {
	// Prepare makes ready what takes long, before there is a lease. It decides nothing and reads nothing of the session.
	// What was prepared and is not wanted any more is stopped.
	Prepare(ctx context.Context) error
	// Open reads the session from the store, under an epoch that the caller holds. It may be tried again if it fails.
	Open(ctx context.Context, epoch int64) error
	// Start serves the session that was opened. If it fails, the session has ended.
	Start(ctx context.Context) error
	// Stop ends the session in good order: all that is under way is brought to an end first, as far as that may help.
	Stop(ctx context.Context) error
	// Abandon ends the session without another word, and without another write.
	Abandon(ctx context.Context) error

	// Check is nil while the session can be served.
	Check(ctx context.Context) error
	// Status tells how the session is now.
	Status() Status
	// Waiting is the number of requests that the broker has not confirmed.
	Waiting() int
	// Update changes the rules that may change while the session goes on.
	Update(p P)
	// Farewell says what the provider is told when the session stops.
	Farewell(text string)
}

// Status is how a session is.
type Status struct {
	LoggedOn bool
	Since    time.Time // of LoggedOn
	NextIn   int       // number of the provider's next message
	NextOut  int       // number of the next message to it
}
