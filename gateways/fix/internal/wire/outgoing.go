package wire

import (
	"errors"
	"io"
)

// ErrOutgoing means that the engine sent bytes that are not a message.
var ErrOutgoing = errors.New("the engine sent what is no message")

// Outgoing cuts the engine's stream into messages. It trusts BodyLength. It also repairs a fault of quickfix: when it repeats a
// message that ends with a repeating group, it leaves the old trailer before the new one (quickfixgo v0.9.10,
// message.parseGroup; issue 743). And it undoes Resendable.
type Outgoing struct {
	buf   []byte
	start int
}

// Fill reads once from r. Call Next until it returns nil, then Fill again.
func (o *Outgoing) Fill(r io.Reader) error {
	if o.start > 0 {
		o.buf = o.buf[:copy(o.buf, o.buf[o.start:])]
		o.start = 0
	}
	if cap(o.buf)-len(o.buf) < readAtLeast {
		grown := make([]byte, len(o.buf), 2*cap(o.buf)+readAtLeast)
		copy(grown, o.buf)
		o.buf = grown
	}
	n, err := r.Read(o.buf[len(o.buf):cap(o.buf)])
	o.buf = o.buf[:len(o.buf)+n]
	return err
}

// Next returns the next message, or nil if it needs more of the stream. The message is valid until the next Fill. Error:
// ErrOutgoing.
func (o *Outgoing) Next() ([]byte, error) {
	b := o.buf[o.start:]
	size, state := parseHead(b)
	switch state {
	case needMore:
		return nil, nil
	case broken:
		return nil, ErrOutgoing
	case complete:
	}
	if len(b) < size {
		return nil, nil
	}
	end := size - trailerSize
	if right(b[:end], b[end:]) {
		o.start += size
		return unveiled(b[:size]), nil
	}
	if len(b) < size+trailerSize {
		return nil, nil
	}
	if !right(b[:end], b[size:]) {
		return nil, ErrOutgoing
	}
	copy(b[end:], b[size:size+trailerSize])
	o.start += size + trailerSize
	return unveiled(b[:size]), nil
}

// right reports whether a trailer carries the sum of the bytes before it.
func right(before, trailer []byte) bool {
	var sum uint8
	for _, b := range before {
		sum += b
	}
	return string(trailer[:3]) == "10=" && carriesSum(trailer, sum)
}
