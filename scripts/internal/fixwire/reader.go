package fixwire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxMessage is the largest length of a message in bytes. A longer one is garbled.
const MaxMessage = 1 << 20

const (
	trailerBytes = len("10=000\x01")
	maxLength    = len("9=1048576\x01")
)

// ErrGarbled says that the reader skipped bytes that are not a message: a wrong BodyLength or CheckSum, or no frame
// at all. The caller may ask for the next message (FIX 4.4, volume 2: a garbled message is ignored).
var ErrGarbled = errors.New("garbled message")

// Reader finds messages in a stream.
type Reader struct {
	in  *bufio.Reader
	raw []byte
}

// NewReader returns a reader of in.
func NewReader(in io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(in, 64<<10)} }

// Next reads the next message into m, which is valid until the next call. It returns ErrGarbled, after which the
// caller may go on reading, or the stream's error: io.EOF only between two messages.
func (r *Reader) Next(m *Message) error {
	if err := r.begin(); err != nil {
		return err
	}
	length, err := r.length()
	if err != nil {
		return err
	}
	if err := r.body(length); err != nil {
		return err
	}
	return m.parse(r.raw)
}

// begin reads BeginString. It skips anything else, up to where a message might begin.
func (r *Reader) begin() error {
	r.raw = r.raw[:0]
	skipped := false
	for {
		head, err := r.in.Peek(2)
		if err != nil {
			return r.ended(err, len(head) > 0 || skipped)
		}
		if head[0] == '8' && head[1] == '=' {
			break
		}
		_, _ = r.in.Discard(1) // Peek has seen it
		skipped = true
	}
	if skipped {
		return fmt.Errorf("%w: no BeginString where one was due", ErrGarbled)
	}
	return r.field(len("8=FIXT.1.1\x01") + 8)
}

// length reads BodyLength.
func (r *Reader) length() (int, error) {
	begin := len(r.raw)
	if err := r.field(maxLength); err != nil {
		return 0, err
	}
	digits, found := bytes.CutPrefix(r.raw[begin:len(r.raw)-1], []byte("9="))
	n, ok := number(digits)
	if !found || !ok || n > MaxMessage {
		return 0, fmt.Errorf("%w: BodyLength %q", ErrGarbled, digits)
	}
	return n, nil
}

// body reads the body, whose length BodyLength gives, and the trailer. A wrong trailer means that the length or the
// sum is wrong. Reading then goes on at the next BeginString after these bytes.
func (r *Reader) body(length int) error {
	begin := len(r.raw)
	r.raw = append(r.raw, make([]byte, length+trailerBytes)...)
	if _, err := io.ReadFull(r.in, r.raw[begin:]); err != nil {
		return r.ended(err, true)
	}
	trailer := r.raw[begin+length:]
	want := appendSum(make([]byte, 0, trailerBytes), sum(r.raw[:begin+length]))
	if !bytes.Equal(trailer, want) {
		return fmt.Errorf("%w: CheckSum field %q, want %q", ErrGarbled, trailer, want)
	}
	return nil
}

// field reads up to the next separator, at most limit bytes.
func (r *Reader) field(limit int) error {
	for range limit {
		c, err := r.in.ReadByte()
		if err != nil {
			return r.ended(err, true)
		}
		r.raw = append(r.raw, c)
		if c == separator {
			return nil
		}
	}
	return fmt.Errorf("%w: field without end", ErrGarbled)
}

func (r *Reader) ended(err error, within bool) error {
	if errors.Is(err, io.EOF) && within {
		return io.ErrUnexpectedEOF
	}
	return err
}

// number converts digits to a number; false if there are none, more than nine, or another character.
func number(digits []byte) (int, bool) {
	if len(digits) == 0 || len(digits) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
