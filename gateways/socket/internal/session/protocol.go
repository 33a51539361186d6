package session

import (
	"context"

	"fxcore/gateways/internal/lifecycle"
)

// protocol is the lifecycle.Protocol of a session by socket.
type protocol struct{ *Session }

var _ lifecycle.Protocol = protocol{}

// Resume continues where the last holder was, or begins the session that the provider file names.
func (p protocol) Resume(ctx context.Context) error {
	in, out := p.Store.Numbers()
	p.again = in + p.shared.QueueLimit
	_, generation, _ := p.Store.Entry()
	if err := p.recall(ctx, generation, out); err != nil {
		return err
	}
	if generation < p.provider.Session {
		p.log.Info("session ends, the next one begins", "session", Name(p.provider.Session))
		return p.Store.Turn(p.provider.Session)
	}
	return nil
}

// Loops returns none, because each connection has its own goroutines.
func (p protocol) Loops() []lifecycle.Loop { return nil }

// Finish takes no more requests, waits until the broker has confirmed those that were taken, and sends their pending answers.
func (p protocol) Finish(ctx context.Context) error {
	p.stopTaking()
	p.Drain(ctx)
	return p.Teller.Flush(ctx)
}

// Cut takes no more requests and ends the connection at once.
func (p protocol) Cut() {
	p.stopTaking()
	p.hangUp(errEnded)
}

// Close sends the durable messages that are left, ends the connection, and waits for its end.
func (p protocol) Close(ctx context.Context) error {
	p.hangUp(errStopping)
	return p.gone(ctx)
}

// Changed receives a value after a login and after the end of a connection.
func (p protocol) Changed() <-chan struct{} { return p.changed }
