package host

import (
	"bufio"
	"context"
	"errors"
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
		if d.host.faults.Absence(time.Now()) != "" {
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
	wrong := d.host.faults.NextWrong(now, frame.Function == wire.Move)
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
