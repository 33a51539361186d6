package soup

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Faults of a packet. After each of them the stream cannot be read further: the beginning of the next packet is unknown, or the
// other side speaks another protocol.
var (
	ErrEmpty     = errors.New("length zero: not even a type")
	ErrType      = errors.New("no type of packet that this side sends")
	ErrSize      = errors.New("payload is not as long as its type says")
	ErrTooLong   = errors.New("packet is too long")
	ErrTruncated = errors.New("stream ends within a packet")
)

// readSize is the read buffer of a connection. It bounds the memory for a stranger before the login.
const readSize = 4 << 10

// Reader cuts a stream into packets. It has one read buffer and one payload of at most the limit.
type Reader struct {
	stream  *bufio.Reader
	from    Side
	limit   int
	payload []byte
}

// NewReader returns a reader of the packets of one side, with payloads of at most limit bytes.
func NewReader(stream io.Reader, from Side, limit int) *Reader {
	return &Reader{stream: bufio.NewReaderSize(stream, readSize), from: from, limit: limit}
}

// SetLimit changes the limit, from the next packet on. It is LoginLimit before a login and larger after it.
func (r *Reader) SetLimit(limit int) { r.limit = limit }

// Next returns the next packet. Errors: io.EOF if the stream ends between packets, ErrTruncated if it ends within one; ErrEmpty,
// ErrType, ErrSize and ErrTooLong before it reads the payload; the stream's own. All are final.
func (r *Reader) Next() (Packet, error) {
	length, err := r.length()
	if err != nil {
		return Packet{}, err
	}
	first, err := r.stream.ReadByte()
	if err != nil {
		return Packet{}, truncated(err)
	}
	t, size := Type(first), length-1
	if err := r.check(t, size); err != nil {
		return Packet{}, fmt.Errorf("packet %q with %d bytes: %w", t, size, err)
	}
	if cap(r.payload) < size {
		r.payload = make([]byte, size)
	}
	r.payload = r.payload[:size]
	if _, err := io.ReadFull(r.stream, r.payload); err != nil {
		return Packet{}, truncated(err)
	}
	return Packet{Type: t, Payload: r.payload}, nil
}

func (r *Reader) length() (int, error) {
	var field [lengthSize]byte
	if n, err := io.ReadFull(r.stream, field[:]); err != nil {
		if n == 0 {
			return 0, err // between packets
		}
		return 0, truncated(err)
	}
	length := binary.BigEndian.Uint16(field[:])
	if length == 0 {
		return 0, ErrEmpty
	}
	return int(length), nil
}

func (r *Reader) check(t Type, size int) error {
	want, ok := sizeOf(t, r.from)
	switch {
	case !ok:
		return ErrType
	case want != anySize && want != size:
		return ErrSize
	case size > r.limit:
		return ErrTooLong
	}
	return nil
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return fmt.Errorf("read packet: %w", err)
}
