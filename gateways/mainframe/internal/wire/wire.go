// Package wire is the frame of the mainframe's protocol: a length, a header of fixed width in EBCDIC, and records. The
// gateway's README specifies it byte by byte.
package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"fxcore/gateways/mainframe/internal/copybook"
)

const (
	// MaxFrame bounds a frame without its length field, both ways.
	MaxFrame = 256 << 10

	magic      = "FXMF"
	version    = 1
	lengthSize = 4
)

// ErrGarbled means that what came is not of this protocol. The connection cannot be used any more: nobody knows where
// the next frame begins.
var ErrGarbled = errors.New("garbled frame")

// header is Header as it lies on the wire: 64 bytes.
type header struct {
	Magic       string   `pic:"X(4)"`
	Version     int      `pic:"9(2)"`
	Kind        string   `pic:"X(1)"`
	Function    string   `pic:"X(4)"`
	Correlation int      `pic:"9(12)"`
	Count       int      `pic:"9(6)"`
	Code        int      `pic:"9(4)"`
	Reason      string   `pic:"X(8)"`
	_           struct{} `pic:"X(23)"`
}

// Codec reads and writes frames. It is immutable and safe for concurrent use.
type Codec struct{ header copybook.Layout[header] }

// NewCodec returns the codec of version 1 of the protocol.
func NewCodec() (Codec, error) {
	layout, err := copybook.New[header]("header")
	return Codec{layout}, err
}

// Append writes a frame to the end of b. It fails on a header that does not fit and on a body that is too long.
func (c Codec) Append(b []byte, f Frame) ([]byte, error) {
	size := c.header.Size() + len(f.Body)
	if size > MaxFrame {
		return b, fmt.Errorf("frame of %d bytes, %d allowed", size, MaxFrame)
	}
	start := len(b)
	b = binary.BigEndian.AppendUint32(b, uint32(size))
	b, err := c.header.Append(b, header{
		Magic: magic, Version: version, Kind: string(f.Kind), Function: string(f.Function),
		Correlation: f.Correlation, Count: f.Count, Code: int(f.Code), Reason: f.Reason,
	})
	if err != nil {
		return b[:start], err
	}
	return append(b, f.Body...), nil
}

// Read reads the next frame. It returns io.EOF at an end between two frames, io.ErrUnexpectedEOF at one within a frame,
// and an error that wraps ErrGarbled on anything that is not a frame.
func (c Codec) Read(r *bufio.Reader) (Frame, error) {
	var length [lengthSize]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return Frame{}, err
	}
	size := binary.BigEndian.Uint32(length[:])
	if size < uint32(c.header.Size()) || size > MaxFrame {
		return Frame{}, fmt.Errorf("%w: length %d", ErrGarbled, size)
	}
	room := make([]byte, size)
	if _, err := io.ReadFull(r, room); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return Frame{}, err
	}
	return c.decode(room)
}

func (c Codec) decode(room []byte) (Frame, error) {
	h, err := c.header.Decode(room[:c.header.Size()])
	if err != nil {
		return Frame{}, fmt.Errorf("%w: %w", ErrGarbled, err)
	}
	if h.Magic != magic || h.Version != version {
		return Frame{}, fmt.Errorf("%w: magic %q, version %d", ErrGarbled, h.Magic, h.Version)
	}
	if k := Kind(h.Kind); k != Request && k != Answer {
		return Frame{}, fmt.Errorf("%w: kind %q", ErrGarbled, h.Kind)
	}
	return Frame{
		Header: Header{
			Kind: Kind(h.Kind), Function: Function(h.Function), Correlation: h.Correlation,
			Count: h.Count, Code: Code(h.Code), Reason: h.Reason,
		},
		Body: room[c.header.Size():],
	}, nil
}
