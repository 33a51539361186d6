package load

import (
	"context"
	"fmt"
	"sync"
	"time"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/bench/internal/mix"
)

const redialPause = 500 * time.Millisecond

// provider is one FIX session that comes back whenever it ends.
type provider struct {
	cfg     fixwire.Config
	journal *fixwire.Journal
	book    *book
	mix     *mix.Mix

	mu      sync.Mutex
	session *fixwire.Session
	up      chan struct{} // closed while there is a session
}

// run keeps the session up until ctx ends. The first logon begins at sequence number 1: a run of the load does not care
// for what an earlier one left behind. Later ones go on where they were, so that nothing is lost or doubled.
func (p *provider) run(ctx context.Context) {
	for ctx.Err() == nil {
		session, err := fixwire.Connect(ctx, p.cfg, p.journal, p.receive)
		if err == nil {
			p.cfg.Reset = false
			p.set(session)
			_ = session.Run(ctx) // whatever it was: we come back
			p.set(nil)
		}
		select {
		case <-ctx.Done():
		case <-time.After(redialPause):
		}
	}
}

func (p *provider) set(session *fixwire.Session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.session = session
	if session != nil {
		close(p.up)
		return
	}
	p.up = make(chan struct{})
}

// connected waits for a session.
func (p *provider) connected(ctx context.Context) (*fixwire.Session, error) {
	for {
		p.mu.Lock()
		session, up := p.session, p.up
		p.mu.Unlock()
		if session != nil {
			return session, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s is not connected: %w", p.cfg.Sender, context.Cause(ctx))
		case <-up:
		}
	}
}

// fire sends one request that was due at a given time. An error of the connection is none of the request: it lies in
// the journal and goes out with the resend of the next session.
func (p *provider) fire(ctx context.Context, due time.Time, in *phase) error {
	session, err := p.connected(ctx)
	if err != nil {
		return err
	}
	reference := p.book.open(due, in)
	kind, body := p.mix.Next(reference, time.Now())
	p.book.classify(reference, kind)
	in.sending()
	_, _ = session.Send(body)
	return nil
}

// receive enters what the core says. Execution types (150): A pending new, F trade, 8 rejected. Status of a line check
// (2325): 0 approved, 2 rejected.
func (p *provider) receive(m *fixwire.Message) {
	now := time.Now()
	switch m.Kind {
	case "8":
		switch m.Text(150) {
		case "F":
			p.book.close(m.Text(11), true, "", now)
		case "8":
			p.book.close(m.Text(11), false, m.Text(58), now)
		}
	case "UDG":
		accepted := m.Text(2325) != "2"
		p.book.close(m.Text(2318), accepted, m.Text(1328), now)
	case "3", "j":
		p.book.refuse(m.Text(58))
	}
}
