package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/internal/fault"
)

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
	if d.host.faults.Absence(time.Now()) != "" {
		return nil
	}
	switch r.wrong { // the books have what the answer says
	case fault.Die:
		d.host.die()
	case fault.HangUp:
		return errors.Join(w.Flush(), d.conn.Close())
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
	if r.wrong == fault.Double {
		b = append(b, b...)
	}
	if r.wrong == fault.Partial {
		_, err = w.Write(b[:len(b)/2])
		return errors.Join(err, w.Flush(), d.conn.Close())
	}
	_, err = w.Write(b)
	return err
}

// spoilt returns a frame with the fault Correlation, Record or Trade in it. It returns the frame unchanged for any other
// fault.
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
