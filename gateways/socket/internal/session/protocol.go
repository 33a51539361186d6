package session

import (
	"context"

	"fxcore/gateways/internal/lifecycle"
)

// protocol is what a session does in the way of the socket protocol.
type protocol struct{ *Session }

var _ lifecycle.Protocol = protocol{}

// Resume goes on where the last holder was, or begins the session that the provider file names.
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

// Loops has none: each connection has its own goroutines.
func (p protocol) Loops() []lifecycle.Loop { return nil }

// Finish takes no more requests, waits for the broker to have those that were taken, and tells that they are pending.
func (p protocol) Finish(ctx context.Context) error {
	p.stopTaking()
	p.Drain(ctx)
	return p.Teller.Flush(ctx)
}

// Cut takes no more requests, and ends the connection.
func (p protocol) Cut() {
	p.stopTaking()
	p.hangUp(errEnded)
}

// Close ends the connection once what is durable is told, and waits for that.
func (p protocol) Close(ctx context.Context) error {
	p.hangUp(errStopping)
	return p.gone(ctx)
}

// Changed has something in it after a login, or the end of a connection.
func (p protocol) Changed() <-chan struct{} { return p.changed }
