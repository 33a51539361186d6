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

// provider is one FIX session that logs on again whenever it ends.
type provider struct {
	cfg     fixwire.Config
	journal *fixwire.Journal
	book    *book
	mix     *mix.Mix
	clock   func() time.Time // the bank's

	mu      sync.Mutex
	session *fixwire.Session
	up      chan struct{} // closed while there is a session
}

// run keeps the session logged on until ctx ends. The first logon resets the sequence numbers to 1, because earlier
// runs do not matter. Later logons continue them, so that no message is lost or doubled.
func (p *provider) run(ctx context.Context) {
	for ctx.Err() == nil {
		session, err := fixwire.Connect(ctx, p.cfg, p.journal, p.receive)
		if err == nil {
			p.cfg.Reset = false
			p.set(session)
			_ = session.Run(ctx) // for any reason: it logs on again
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

// connected waits for a session. When ctx ends, it returns the cause as an error.
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

// fire sends one request with the given due time. It ignores an error of the connection: the request is in the
// journal, and the next session sends it again when the gateway asks for it.
func (p *provider) fire(ctx context.Context, due time.Time, in *phase) error {
	session, err := p.connected(ctx)
	if err != nil {
		return err
	}
	reference := p.book.open(due, in)
	kind, body := p.mix.Next(reference, p.clock())
	p.book.classify(reference, kind)
	in.sending()
	_, _ = session.Send(body)
	return nil
}

// receive enters an answer of the core. ExecType (150): A pending new, F trade, 8 rejected. Status of a line check
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
