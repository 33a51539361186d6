package wire

import (
	"bytes"
	"errors"
	"io"
)

// Kind is what a stretch of the stream turned out to be.
type Kind int

// The kinds of stretches.
const (
	Whole   Kind = iota // a message with the right BodyLength(9) and CheckSum(10)
	TooLong             // the same, but above the limit: only its beginning was kept
	Garbled             // begins like a message and is none: to be ignored, its MsgSeqNum not counted (FIX 4.4 volume 2)
)

// Piece is one stretch. Bytes are valid until the next Fill: the whole message, its beginning if it is TooLong,
// nothing if it is Garbled.
type Piece struct {
	Kind  Kind
	Bytes []byte
	Size  int // of the whole message, bytes
}

// Bounds that do not depend on the limit.
const (
	prefixKept  = 2 << 10  // of a message that is TooLong: enough for any header
	hardLimit   = 64 << 20 // what claims to be longer is no message
	readAtLeast = 8 << 10  // room offered to each read
	trailerSize = 7        // "10=ddd|"
	soh         = 1
)

// ErrOverflow tells that the buffer is full of a message that is neither complete nor too long: a limit below a
// header's size.
var ErrOverflow = errors.New("message does not fit the buffer")

// Cutter cuts a stream into messages as it arrives. It holds at most one message of the limit's size and one read.
//
// A wrong BodyLength must not swallow what follows, so the end of a message is looked for as well as computed: a trailer
// before the computed end, whose sum is right or after which the next message begins, shows that the length was wrong.
// (Data fields may therefore not contain whole FIX messages.) What is cut does not depend on how the stream arrives.
type Cutter struct {
	limit int
	buf   []byte
	start int // where the undecided part of buf begins

	// The message under way, relative to start.
	open    bool
	size    int   // of what is left of it, as computed from BodyLength
	scanned int   // up to where trailers were looked for, and the sum was taken
	sum     uint8 // of the bytes before scanned
	skipped int   // bytes of a too long message that are no longer in buf
	prefix  []byte
}

// NewCutter returns a cutter that keeps messages of up to limit bytes.
func NewCutter(limit int) *Cutter {
	return &Cutter{limit: max(limit, prefixKept)}
}

// Allow changes the limit for the messages after the last that Next returned.
func (c *Cutter) Allow(limit int) { c.limit = max(limit, prefixKept) }

// Fill reads once from r. Call Next until it has nothing more, then Fill again. Errors: r's, and ErrOverflow.
func (c *Cutter) Fill(r io.Reader) (int, error) {
	c.compact()
	if cap(c.buf)-len(c.buf) < readAtLeast {
		if len(c.buf) > c.limit+readAtLeast {
			return 0, ErrOverflow
		}
		grown := make([]byte, len(c.buf), 2*cap(c.buf)+readAtLeast)
		copy(grown, c.buf)
		c.buf = grown
	}
	n, err := r.Read(c.buf[len(c.buf):cap(c.buf)])
	c.buf = c.buf[:len(c.buf)+n]
	return n, err
}

func (c *Cutter) compact() {
	if c.start > 0 {
		c.buf = c.buf[:copy(c.buf, c.buf[c.start:])]
		c.start = 0
	}
}

// Partial tells whether a message has begun and not ended: its sender should hurry.
func (c *Cutter) Partial() bool {
	rest := c.buf[c.start:]
	return c.open || bytes.HasPrefix(rest, []byte(beginning)) || (len(rest) > 0 && bytes.HasPrefix([]byte(beginning), rest))
}

// Next returns the next stretch, or false if the stream must be read further to tell.
func (c *Cutter) Next() (Piece, bool) {
	if !c.open {
		switch c.begin() {
		case needMore:
			return Piece{}, false
		case broken:
			return Piece{Kind: Garbled}, true
		case complete:
		}
	}
	if done, piece := c.scan(); done {
		return piece, true
	}
	if c.tooLong() {
		c.letGo()
	}
	return Piece{}, false
}

func (c *Cutter) tooLong() bool { return c.skipped+c.size > c.limit }

// begin looks for the next message's head and reads it.
func (c *Cutter) begin() headState {
	at := bytes.Index(c.buf[c.start:], []byte(beginning))
	if at < 0 {
		c.start = max(c.start, len(c.buf)-len(beginning)+1) // noise; its end may be the beginning of a beginning
		return needMore
	}
	c.start += at
	size, state := parseHead(c.buf[c.start:])
	switch state {
	case broken:
		c.start += len(beginning)
	case complete:
		c.open, c.size = true, size
		c.scanned, c.sum, c.skipped, c.prefix = 0, 0, 0, nil
	case needMore:
	}
	return state
}

// advance takes the sum up to a place.
func (c *Cutter) advance(to int) {
	sum := c.sum
	for _, b := range c.buf[c.start+c.scanned : c.start+to] {
		sum += b
	}
	c.scanned, c.sum = to, sum
}

// letGo drops what was scanned of a message that is too long, once its beginning is kept.
func (c *Cutter) letGo() {
	if c.prefix == nil {
		if c.scanned < prefixKept {
			return
		}
		c.prefix = bytes.Clone(c.buf[c.start : c.start+prefixKept])
	}
	c.start += c.scanned
	c.skipped += c.scanned
	c.size -= c.scanned
	c.scanned = 0
}

// end closes the message under way; the undecided part begins at a place relative to start.
func (c *Cutter) end(at int) {
	c.start += at
	c.open = false
}
