package wire

import (
	"bytes"
	"errors"
	"io"
)

// Kind says what a piece of the stream is.
type Kind int

// The kinds of pieces.
const (
	Whole   Kind = iota // a message with the right BodyLength(9) and CheckSum(10)
	TooLong             // a valid message above the limit; only its beginning is kept
	Garbled             // begins like a message but is not valid: ignore it and do not count its MsgSeqNum (FIX 4.4 volume 2)
)

// Piece is one piece of the stream. Bytes has the whole message, only its beginning if it is TooLong, or nothing if it is Garbled.
// It is valid until the next Fill.
type Piece struct {
	Kind  Kind
	Bytes []byte
	Size  int // of the whole message, bytes
}

// Bounds that do not depend on the limit.
const (
	prefixKept  = 2 << 10  // bytes that are kept of a message that is TooLong: enough for any header
	hardLimit   = 64 << 20 // a message that claims to be longer is garbled
	readAtLeast = 8 << 10  // least space for one read
	trailerSize = 7        // "10=ddd|"
	soh         = 1
)

// ErrOverflow means that the buffer is full with a message that is neither complete nor too long. It happens if the limit is
// smaller than a header.
var ErrOverflow = errors.New("message does not fit the buffer")

// Cutter cuts a stream into messages. It buffers at most one message of the limit's size and one read. The result does not
// depend on the sizes of the reads.
//
// A wrong BodyLength must not hide the next message. So the Cutter computes the end of a message and also searches for it. It
// finds a wrong length by a trailer before the computed end: its sum is right, or the next message follows it. (So a data
// field must not contain a whole FIX message.)
type Cutter struct {
	limit int
	buf   []byte
	start int // where the undecided part of buf begins

	// The present message; positions are relative to start.
	open    bool
	size    int   // size of the message, computed from BodyLength, less skipped
	scanned int   // up to here trailers were searched and the sum computed
	sum     uint8 // of the bytes before scanned
	skipped int   // bytes of a too long message that are no longer in buf
	prefix  []byte
}

// NewCutter returns a cutter for messages of at most limit bytes.
func NewCutter(limit int) *Cutter {
	return &Cutter{limit: max(limit, prefixKept)}
}

// Allow changes the limit, for the messages after the last one that Next returned.
func (c *Cutter) Allow(limit int) { c.limit = max(limit, prefixKept) }

// Fill reads once from r. Call Next until it returns false, then Fill again. Errors: r's, ErrOverflow.
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

// Partial reports whether the buffer has the beginning of a message that is not complete.
func (c *Cutter) Partial() bool {
	rest := c.buf[c.start:]
	return c.open || bytes.HasPrefix(rest, []byte(beginning)) || (len(rest) > 0 && bytes.HasPrefix([]byte(beginning), rest))
}

// Next returns the next piece. It returns false if it needs more of the stream.
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

// begin finds the head of the next message and parses it.
func (c *Cutter) begin() headState {
	at := bytes.Index(c.buf[c.start:], []byte(beginning))
	if at < 0 {
		c.start = max(c.start, len(c.buf)-len(beginning)+1) // drop noise, but keep an end that may begin a message
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

// advance computes the sum up to a position.
func (c *Cutter) advance(to int) {
	sum := c.sum
	for _, b := range c.buf[c.start+c.scanned : c.start+to] {
		sum += b
	}
	c.scanned, c.sum = to, sum
}

// letGo drops the scanned bytes of a message that is too long, but for its beginning.
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

// end finishes the present message. The next one begins at a position relative to start.
func (c *Cutter) end(at int) {
	c.start += at
	c.open = false
}
