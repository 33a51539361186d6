package engine

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
)

// takeover is how long a new connection waits for the end of the session's old one. A provider that reconnects at once may be
// faster than that end.
const takeover = time.Second

// maxNotes bounds the notes about messages that came without their body.
const maxNotes = 1_000

// Provider returns the provider of the session, with its present rules.
func (e *Engine) Provider() provider.Provider {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now
}

// Update changes the rules that may change while the session goes on, see provider.SameSession.
func (e *Engine) Update(p provider.Provider) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now = p
}

// Farewell sets the text that the provider is told when the engine stops.
func (e *Engine) Farewell(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.farewell = text
}

// Covered reports whether an outgoing message is durable.
func (e *Engine) Covered(seq int) bool { return e.store.Out.Covered(seq) }

// WaitCovered waits until an outgoing message is durable.
func (e *Engine) WaitCovered(ctx context.Context, seq int) error {
	return e.store.Out.WaitCovered(ctx, seq)
}

// Refuse notes that the incoming message with this number comes without its body, and why.
func (e *Engine) Refuse(seq int, why wire.Fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.faults) < maxNotes {
		e.faults[seq] = why
	}
}

// Due returns the number that the provider's next message must have.
func (e *Engine) Due() int { return e.store.In.Next() }

// End sets the text of the Logout that ends the session next.
func (e *Engine) End(why string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ending = why
}

// Dial reserves the session and connects to the acceptor. Closing the connection frees the session.
func (e *Engine) Dial(ctx context.Context, refusal string) (net.Conn, error) {
	if err := e.take(ctx); err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.refusal, e.ending, e.dialled = refusal, "", &presence{}
	e.mu.Unlock()
	conn, err := dial(ctx, e.listening(ctx))
	if err != nil {
		<-e.slot
		return nil, fmt.Errorf("engine of %s: %w", e.provider.ID, err)
	}
	c := &connection{TCPConn: conn, engine: e}
	e.admit(c, true)
	return c, nil
}

// presence says whether one connection of the provider still needs what it has asked for.
type presence struct {
	gone atomic.Bool // it has ended, and the acceptor has not noticed that
}

// Gone tells that the provider's connection has ended, before its Close. The engine drops the work that only this connection
// wanted, also after the next one has come.
func (e *Engine) Gone() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.dialled != nil {
		e.dialled.gone.Store(true)
	}
}

// serve notes which connection the session serves from now on.
func (e *Engine) serve() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.serving.Store(e.dialled)
}

func (e *Engine) take(ctx context.Context) error {
	patience := time.NewTimer(takeover)
	defer patience.Stop()
	select {
	case e.slot <- struct{}{}:
		return nil
	case <-patience.C:
		return fmt.Errorf("%s: %w", e.provider.ID, front.ErrTaken)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listening returns the acceptor's address. If the engine is stopped, listening waits up to takeover, because the engine may
// start again.
func (e *Engine) listening(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, takeover)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		e.mu.Lock()
		address := e.address
		e.mu.Unlock()
		if address != "" {
			return address
		}
		select {
		case <-ctx.Done():
			return ""
		case <-tick.C:
		}
	}
}

func dial(ctx context.Context, address string) (*net.TCPConn, error) {
	if address == "" {
		return nil, errStopped
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("%T is not TCP", conn)
	}
	return tcp, nil
}

// connection is the front's end of the connection to the acceptor.
type connection struct {
	*net.TCPConn
	engine *Engine
	once   sync.Once
}

// Close closes the connection and frees the session.
func (c *connection) Close() error {
	err := c.TCPConn.Close()
	c.once.Do(func() {
		c.engine.admit(c, false)
		c.engine.owed.close()
		<-c.engine.slot
	})
	return err
}

func (e *Engine) admit(c *connection, in bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if in {
		e.ours[c.LocalAddr().String()] = true
	} else {
		delete(e.ours, c.LocalAddr().String())
	}
}

// Validate refuses connections to the acceptor that do not come from the front. Any other process of the machine could connect
// to the loopback port, and would get answers before they are durable.
func (e *Engine) Validate(conn net.Conn, _ quickfix.SessionID) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.ours[conn.RemoteAddr().String()] {
		return fmt.Errorf("connection from %s did not come through the front", conn.RemoteAddr())
	}
	return nil
}
