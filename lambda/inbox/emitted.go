package inbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"fxcore/lambda/event"
)

// What an inbox row holds of the emitted events. An event that a handler emits mostly repeats its cause's data and adds
// to its end, so only what differs is stored: the cause comes again with the redelivery that the row is read for. That
// makes rows, and the log that the database writes of them, a third as long.
//
// The form: for each event its envelope without data, how many first bytes its data shares with the cause's data, the
// checksum of those, and the rest of its data; lengths, the number and the checksum are unsigned varints. A cause that
// comes again with other data is not the one that was handled: that is an error, never a mixture.

var noData = []byte("{}")

// appendEmitted appends the stored form of what cause led to.
func appendEmitted(b []byte, cause event.Event, emitted []event.Event) []byte {
	for _, e := range emitted {
		data := e.Data
		shared := sharedPrefix(cause.Data, data)
		e.Data = noData
		b = appendBytes(b, event.Append(nil, e))
		b = binary.AppendUvarint(b, uint64(shared))
		b = binary.AppendUvarint(b, uint64(crc32.ChecksumIEEE(data[:shared])))
		b = appendBytes(b, data[shared:])
	}
	return b
}

// readEmitted is the inverse of appendEmitted.
func readEmitted(row []byte, cause event.Event) ([]event.Event, error) {
	var emitted []event.Event
	for len(row) > 0 {
		e, rest, err := readOne(row, cause)
		if err != nil {
			return nil, err
		}
		emitted, row = append(emitted, e), rest
	}
	return emitted, nil
}

func readOne(row []byte, cause event.Event) (e event.Event, rest []byte, err error) {
	envelope, row, err := readBytes(row)
	if err != nil {
		return e, nil, err
	}
	decoded, err := event.Decode(event.MediaType, envelope)
	if err != nil {
		return e, nil, err
	}
	shared, row, err := readShared(row, cause)
	if err != nil {
		return e, nil, err
	}
	own, rest, err := readBytes(row)
	if err != nil {
		return e, nil, err
	}
	e = decoded[0]
	e.Data = append(append(make([]byte, 0, len(shared)+len(own)), shared...), own...)
	return e, rest, e.Validate()
}

// readShared returns the bytes at the beginning of the cause's data that the emitted event's data shares. Errors:
// errCutShort; the cause came again with other data, which a checksum shows.
func readShared(row []byte, cause event.Event) (shared, rest []byte, err error) {
	length, n := binary.Uvarint(row)
	if n <= 0 {
		return nil, nil, errCutShort
	}
	sum, m := binary.Uvarint(row[n:])
	if m <= 0 {
		return nil, nil, errCutShort
	}
	if length > uint64(len(cause.Data)) || uint64(crc32.ChecksumIEEE(cause.Data[:length])) != sum {
		return nil, nil, fmt.Errorf("event %s came again with other data than it was handled with", cause.ID)
	}
	return cause.Data[:length], row[n+m:], nil
}

func sharedPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func appendBytes(b, value []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(value))), value...)
}

var errCutShort = errors.New("inbox row is cut short")

func readBytes(b []byte) (value, rest []byte, err error) {
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return nil, nil, errCutShort
	}
	end := n + int(length) //nolint:gosec // bounded by len(b) above
	return b[n:end], b[end:], nil
}
