package front

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"time"

	"fxcore/gateways/fix/internal/wire"
)

// Bounds of a relay.
const (
	drainTimeout  = 5 * time.Second  // for the engine to notice that its provider has gone
	engineBound   = 60 * time.Second // for the engine to take what it is sent
	lingerBytes   = 1 << 20          // read from a provider after our last message
	lingerTimeout = time.Second
	garbledLog    = 100 // of so many garbled messages of a connection one is logged
)

// relay is one provider's connection and its engine's.
type relay struct {
	front   *Front
	session Session
	conn    net.Conn
	engine  net.Conn
	cutter  *wire.Cutter
	garbled int
	begun   time.Time // when the message under way began to arrive
	ended   error     // why
}

// serve relays in both directions until either side ends.
func (f *Front) serve(ctx context.Context, v *visitor, session Session, engine net.Conn) {
	r := &relay{front: f, session: session, conn: v.conn, engine: engine, cutter: v.cutter}
	defer r.note(v)()
	gone, hangUp := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		hangUp(r.outward(gone))
		_ = r.conn.SetReadDeadline(time.Now()) // inward looks at gone after it has set its own
	}()
	hangUp(r.inward(gone, v.logon))
	closeWrite(engine)
	<-done
	_ = engine.Close() // the session may be taken again
	linger(r.conn)
	r.ended = context.Cause(gone)
}

// note logs that a session's connection began, and returns what logs its end.
func (r *relay) note(v *visitor) func() {
	if v.refused {
		return func() {}
	}
	log, began := r.front.log.With("provider", r.session.Provider().ID, "client.ip", v.address.String()), time.Now()
	log.Info("provider connected")
	return func() {
		log.Info("provider disconnected", "event.reason", reason(r.ended), "event.duration", time.Since(began))
	}
}

var errEnded = errors.New("ended by the session")

func reason(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "closed by the provider"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout: " + err.Error()
	}
	return wire.Masked(err.Error())
}

func closeWrite(conn net.Conn) {
	if proxied, ok := conn.(interface{ TCPConn() (*net.TCPConn, bool) }); ok {
		if tcp, ok := proxied.TCPConn(); ok {
			conn = tcp
		}
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = conn.Close()
}

// linger closes a connection so that what was written last arrives: closing at once, with something unread, would reset
// the connection and could take a Logout with it.
func linger(conn net.Conn) {
	closeWrite(conn)
	_ = conn.SetReadDeadline(time.Now().Add(lingerTimeout))
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, lingerBytes))
	_ = conn.Close()
}

// inward passes on what the provider sends.
func (r *relay) inward(ctx context.Context, logon []byte) error {
	pace := newThrottle(r.session.Provider().Throttle)
	batch := slices.Clone(logon)
	for {
		for {
			piece, ok := r.cutter.Next()
			if !ok {
				break
			}
			r.begun = time.Time{}
			batch = r.pass(batch, piece)
			if wait := pace.take(1, time.Now()); wait > 0 {
				if err := r.forward(&batch); err != nil {
					return err
				}
				sleep(ctx, wait) // one by one: in a bunch, with a pause after, the provider would seem to be silent
			}
		}
		if err := r.forward(&batch); err != nil {
			return err
		}
		if err := r.read(ctx); err != nil {
			return err
		}
	}
}

func (r *relay) forward(batch *[]byte) error {
	err := write(r.engine, *batch, engineBound)
	*batch = (*batch)[:0]
	if err != nil {
		return errEnded
	}
	return nil
}

// read reads once. A message that has begun must end in time, however many reads that takes; between messages the
// engine watches over the silence.
func (r *relay) read(gone context.Context) error {
	var deadline time.Time
	if r.cutter.Partial() {
		if r.begun.IsZero() {
			r.begun = time.Now()
		}
		deadline = r.begun.Add(r.front.cfg.MessageTimeout)
	}
	if err := r.conn.SetReadDeadline(deadline); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if gone.Err() != nil {
		return errEnded
	}
	if _, err := r.cutter.Fill(r.conn); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}

// pass adds to a batch what the engine is to see of a piece.
func (r *relay) pass(batch []byte, piece wire.Piece) []byte {
	switch piece.Kind {
	case wire.Whole:
		return append(batch, piece.Bytes...)
	case wire.TooLong:
		header := wire.HeaderOnly(piece.Bytes)
		if header == nil {
			break
		}
		tell(r.front.counts.TooLong, 1)
		r.session.Refuse(wire.SeqNum(header), fmt.Sprintf("message of %d bytes is longer than %d bytes", piece.Size, r.front.cfg.MaxMessage))
		return append(batch, header...)
	case wire.Garbled:
	}
	tell(r.front.counts.Garbled, 1)
	if r.garbled++; r.garbled%garbledLog == 1 {
		r.front.log.Warn("garbled message ignored", "provider", r.session.Provider().ID, "garbled", r.garbled)
	}
	return batch
}

// outward lets go what the engine sends, once it is durable: as much as is, in one write.
func (r *relay) outward(gone context.Context) error {
	var stream wire.Outgoing
	var batch []byte
	for {
		if err := stream.Fill(r.engine); err != nil {
			return errEnded
		}
		var err error
		if batch, err = r.hold(gone, batch, &stream); err == nil {
			err = r.let(&batch)
		}
		if err != nil {
			r.drain()
			return err
		}
	}
}

// hold adds what has come of the stream to the batch, each message once it is durable; what waits before one that is
// not goes first.
func (r *relay) hold(gone context.Context, batch []byte, stream *wire.Outgoing) ([]byte, error) {
	for {
		msg, err := stream.Next()
		if msg == nil || err != nil {
			return batch, err
		}
		if seq := wire.SeqNum(msg); !r.session.Covered(seq) {
			if err := r.let(&batch); err != nil {
				return batch, err
			}
			if err := r.await(gone, seq); err != nil {
				return batch, err
			}
		}
		batch = append(batch, msg...)
	}
}

func (r *relay) await(gone context.Context, seq int) error {
	ctx, cancel := context.WithTimeout(gone, r.front.cfg.StorePatience)
	defer cancel()
	return r.session.WaitCovered(ctx, seq)
}

func (r *relay) let(batch *[]byte) error {
	err := write(r.conn, *batch, r.front.cfg.WriteTimeout)
	*batch = (*batch)[:0]
	return err
}

// drain reads what the engine still sends to a provider that has gone, until the engine has noticed: only then can the
// session be taken again.
func (r *relay) drain() {
	_ = r.conn.Close()
	closeWrite(r.engine)
	_ = r.engine.SetReadDeadline(time.Now().Add(drainTimeout))
	_, _ = io.Copy(io.Discard, r.engine)
}

func write(conn net.Conn, b []byte, bound time.Duration) error {
	if len(b) == 0 {
		return nil
	}
	if err := conn.SetWriteDeadline(time.Now().Add(bound)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}
