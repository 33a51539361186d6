package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

// Reasons for the end of a connection.
var (
	errEnded     = errors.New("the session is not served here any more")
	errStopping  = errors.New("the gateway is stopping")
	errTakenOver = errors.New("another login has taken the session over")
	errLoggedOut = errors.New("logged out")
	errNoMore    = errors.New("end of session")
	errProtocol  = errors.New("the provider breaks the protocol")
)

// takeover is how long a login waits at most for the end of the previous connection.
const takeover = 2 * time.Second

// visit is one connection after its login.
type visit struct {
	session *Session
	conn    net.Conn
	reader  *soup.Reader
	ctx     context.Context //nolint:containedctx // ends with the connection, with the reason as its cause
	hangUp  context.CancelCauseFunc
	untaken context.CancelFunc // ends reading, but not writing
	reading context.Context    //nolint:containedctx // ends when no more requests may be taken
	read    chan struct{}      // closed when no more requests are taken
	done    chan struct{}

	number   int // counts the session's connections
	place    place
	loggedIn bool // guarded by session.mu
}

// Serve serves a connection whose login was right. It answers the login, ends an older connection of the session, and returns
// the reason when the connection has ended.
func (s *Session) Serve(ctx context.Context, conn net.Conn, reader *soup.Reader, login soup.Login) error {
	v := newVisit(ctx, s, conn, reader)
	defer close(v.done)
	if err := s.enter(v); err != nil {
		close(v.read)
		return v.reject(err)
	}
	defer s.leave(v)
	if err := v.accept(login); err != nil {
		close(v.read)
		return v.reject(err)
	}
	return v.serve() //nolint:contextcheck // the last messages are sent after ctx has ended
}

func newVisit(ctx context.Context, s *Session, conn net.Conn, reader *soup.Reader) *visit {
	v := &visit{session: s, conn: conn, reader: reader, read: make(chan struct{}), done: make(chan struct{})}
	v.ctx, v.hangUp = context.WithCancelCause(ctx)
	v.reading, v.untaken = context.WithCancel(v.ctx)
	return v
}

// enter makes v the session's connection, after the previous one has ended.
func (s *Session) enter(v *visit) error {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return errEnded
	}
	before := s.visit
	s.visit = v
	s.visits++
	v.number = s.visits
	s.mu.Unlock()
	if before == nil {
		return nil
	}
	before.cut(errTakenOver)
	select {
	case <-before.done:
		return nil
	case <-v.ctx.Done():
		return context.Cause(v.ctx)
	case <-time.After(takeover):
		return fmt.Errorf("the connection before it has not ended within %s", takeover)
	}
}

func (s *Session) leave(v *visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.loggedIn {
		s.since = time.Now()
	}
	v.loggedIn = false
	if s.visit == v {
		s.visit = nil
	}
	s.tell()
}

// tell wakes the watch over the provider's absence. It does not wait.
func (s *Session) tell() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// cut ends a connection at once.
func (v *visit) cut(why error) {
	v.hangUp(why)
	_ = v.conn.Close()
}

// accept answers the login.
func (v *visit) accept(login soup.Login) (err error) {
	if v.place, err = v.session.locate(v.ctx, login); err != nil {
		return err
	}
	answer, err := soup.Acceptance{Session: Name(v.place.generation), Next: uint64(v.place.next)}.Append(nil)
	if err != nil {
		return err
	}
	if v.ctx.Err() != nil {
		return context.Cause(v.ctx)
	}
	if err := door.Write(v.conn, answer, v.session.shared.WriteTimeout); err != nil {
		return err
	}
	v.session.mu.Lock()
	defer v.session.mu.Unlock()
	v.loggedIn, v.session.since = v.place.last == 0, time.Now()
	v.session.tell()
	return nil
}

// reject refuses a login that leads to no session.
func (v *visit) reject(why error) error {
	v.hangUp(why)
	answer, _ := soup.SessionNotAvailable.Append(nil)
	_ = door.Write(v.conn, answer, v.session.shared.WriteTimeout)
	door.Linger(v.conn)
	return why
}

// serve reads and writes until either ends.
func (v *visit) serve() error {
	var writer sync.WaitGroup
	writer.Go(func() {
		why := v.write()
		v.bidFarewell(why)
		v.hangUp(why)
		_ = v.conn.SetReadDeadline(time.Now()) // the reader checks ctx after it has set its own deadline
	})
	err := v.take()
	close(v.read)
	if v.reading.Err() == nil || v.ctx.Err() != nil {
		v.hangUp(err)
	}
	writer.Wait()
	v.untaken()
	door.Linger(v.conn)
	return reason(context.Cause(v.ctx))
}

// patience is how long a provider may send nothing (SoupBinTCP 3.00, section 1).
const patience = 15 * time.Second

// take reads and handles the provider's packets. In a session that has ended it handles no requests.
func (v *visit) take() error {
	v.reader.SetLimit(message.MaxRequest)
	var pace *door.Throttle
	var limit door.Rate
	for {
		if now := v.session.rate(); pace == nil || now != limit { // Update may have changed it
			pace, limit = door.NewThrottle(now), now
		}
		if err := v.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		if v.reading.Err() != nil {
			return context.Cause(v.reading)
		}
		p, err := v.reader.Next()
		if err != nil {
			return err
		}
		if err := v.packet(p); err != nil {
			return err
		}
		if wait := pace.Take(1, time.Now()); wait > 0 {
			door.Sleep(v.reading, wait)
		}
	}
}

func (v *visit) packet(p soup.Packet) error {
	switch p.Type {
	case soup.TypeUnsequenced:
		if len(p.Payload) == 0 {
			return fmt.Errorf("%w: an empty message", errProtocol)
		}
		if v.place.last != 0 {
			return nil
		}
		return v.session.take(v, p.Payload)
	case soup.TypeLogout:
		return errLoggedOut
	case soup.TypeLoginRequest:
		return fmt.Errorf("%w: a login after the login", errProtocol)
	default: // heartbeats and debug texts only show that the provider is there
		return nil
	}
}

func reason(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("closed by the provider")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("timeout: %w", err)
	}
	return err
}

// stopTaking ends reading, refuses later logins, and waits for the request that is being handled.
func (s *Session) stopTaking() {
	s.mu.Lock()
	s.ended = true
	v := s.visit
	s.mu.Unlock()
	if v == nil {
		return
	}
	v.untaken()
	_ = v.conn.SetReadDeadline(time.Now())
	select {
	case <-v.read:
	case <-time.After(takeover):
	}
}

// hangUp ends the connection, if there is one. It sends the durable messages first.
func (s *Session) hangUp(why error) {
	s.mu.Lock()
	s.ended = true
	v := s.visit
	s.mu.Unlock()
	if v != nil {
		v.hangUp(why)
		_ = v.conn.SetReadDeadline(time.Now())
	}
}

// gone waits until the connection has ended, or ctx.
func (s *Session) gone(ctx context.Context) error {
	s.mu.Lock()
	v := s.visit
	s.mu.Unlock()
	if v == nil {
		return nil
	}
	select {
	case <-v.done:
		return nil
	case <-ctx.Done():
		v.cut(errEnded)
		return fmt.Errorf("end the connection of %s: %w", s.provider.ID, ctx.Err())
	}
}
