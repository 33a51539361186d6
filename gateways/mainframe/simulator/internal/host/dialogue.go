package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/internal/fault"
)

// maxOpen bounds the requests of one connection that are read and not yet answered.
const maxOpen = 1024

// errOver ends a dialogue after an answer that must be the last.
var errOver = errors.New("the last answer was given")

// dialogue is one connection: a reader that takes requests in their order, and a writer that answers them in the order
// in which they are done.
type dialogue struct {
	host *Host
	conn net.Conn
	out  chan reply    // room for all that are open, so that whoever answers never waits
	open chan struct{} // one token for each request read and not yet answered
}

// reply is an answer that is due at an instant, and how it must be wrong.
type reply struct {
	frame wire.Frame
	due   time.Time
	wrong string
	last  bool
}

func newDialogue(h *Host, conn net.Conn) *dialogue {
	return &dialogue{host: h, conn: conn, out: make(chan reply, maxOpen), open: make(chan struct{}, maxOpen)}
}

// run reads and writes until either ends.
func (d *dialogue) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var both sync.WaitGroup
	var written error
	both.Go(func() {
		written = d.write(ctx)
		_ = d.conn.Close() // ends the reader
	})
	read := d.read(ctx)
	if !errors.Is(read, errOver) { // after the last answer the writer ends by itself, once it is written
		cancel()
	}
	both.Wait()
	if errors.Is(read, io.EOF) || errors.Is(read, net.ErrClosed) || errors.Is(read, errOver) {
		read = nil
	}
	return errors.Join(read, written)
}

func (d *dialogue) read(ctx context.Context) error {
	in := bufio.NewReaderSize(d.conn, 64<<10)
	for {
		frame, err := d.host.codec.Read(in)
		if err != nil {
			return err
		}
		if !d.host.wait(ctx, func(away string) bool { return away != fault.BlackHole }) {
			return ctx.Err()
		}
		if d.host.faults.IsAway(time.Now()) != "" {
			return net.ErrClosed
		}
		select {
		case d.open <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		if over := d.take(ctx, frame); over {
			return errOver
		}
	}
}

// take handles one request; true if it was the connection's last.
func (d *dialogue) take(ctx context.Context, frame wire.Frame) (over bool) {
	now := time.Now()
	due := now.Add(d.host.faults.Latency(now))
	wrong := d.host.faults.NextWrong(now)
	if wrong == fault.Error {
		d.settle(ctx)
		d.out <- reply{frame: answer(frame, wire.HostError, "HOSTFAIL"), due: due, last: true}
		return true
	}
	d.host.handle(frame, func(f wire.Frame) {
		d.out <- reply{frame: f, due: due, wrong: wrong, last: f.Code == wire.HostError}
	})
	return false
}

// settle waits until all requests before the present one are answered, so that the last answer cuts off none of them.
func (d *dialogue) settle(ctx context.Context) {
	for range cap(d.open) - 1 {
		select {
		case d.open <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
}

// write sends answers when they are due, several in one write if they are there.
func (d *dialogue) write(ctx context.Context) error {
	w := bufio.NewWriterSize(d.conn, 64<<10)
	for {
		select {
		case <-ctx.Done():
			return nil
		case r := <-d.out:
			if err := d.send(ctx, w, r); err != nil || r.last {
				return errors.Join(err, w.Flush())
			}
			<-d.open
		}
		if len(d.out) == 0 {
			if err := w.Flush(); err != nil {
				return fmt.Errorf("answer: %w", err)
			}
		}
	}
}

func (d *dialogue) send(ctx context.Context, w *bufio.Writer, r reply) error {
	if late := time.Until(r.due); late > 0 {
		if err := w.Flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(late):
		}
	}
	if d.host.faults.IsAway(time.Now()) != "" {
		return nil
	}
	b, err := d.host.codec.Append(nil, spoilt(r.frame, r.wrong))
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if r.wrong == fault.Garbage {
		for i := range b {
			b[i] ^= 0x5a
		}
	}
	if r.wrong == fault.Partial {
		_, err = w.Write(b[:len(b)/2])
		return errors.Join(err, w.Flush(), d.conn.Close())
	}
	_, err = w.Write(b)
	return err
}

// spoilt returns a frame as it must be wrong.
func spoilt(f wire.Frame, wrong string) wire.Frame {
	switch {
	case wrong == fault.Correlation:
		f.Correlation += 500_000
	case wrong == fault.Record && len(f.Body) > 0:
		f.Body = f.Body[:len(f.Body)-1]
	case wrong == fault.Trade && len(f.Body) > 2:
		f.Body = append([]byte{}, f.Body...)
		f.Body[2] ^= 0x01 // the first letter of the first field
	}
	return f
}

// answer returns a frame that answers another without records.
func answer(to wire.Frame, code wire.Code, reason string) wire.Frame {
	return wire.Frame{Header: wire.Header{
		Kind: wire.Answer, Function: to.Function, Correlation: to.Correlation, Code: code, Reason: reason,
	}}
}
