// Package records declares the records that travel in the frames between gateway and mainframe, and how they follow one
// another in a body. The gateway's README has the same tables for those who write the other side.
package records

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"fxcore/gateways/mainframe/internal/copybook"
)

// space is X'40', of which an absent field consists.
const space = 0x40

// codeSize is the length of a record's type, which stands before each record: two letters in EBCDIC.
const codeSize = 2

// ErrUnknown means a record type that is not declared here.
var ErrUnknown = errors.New("unknown record type")

// Kind is a record type: its two letters and its layout.
type Kind[T any] struct {
	letters string
	layout  copybook.Layout[T]
}

// Append writes a record with its type before it to the end of b. On an error b is returned as it was.
func (k Kind[T]) Append(b []byte, record T) ([]byte, error) {
	start := len(b)
	for _, letter := range []byte(k.letters) {
		b = append(b, ebcdic(letter))
	}
	b, err := k.layout.Append(b, record)
	if err != nil {
		return b[:start], err
	}
	return b, nil
}

// Key returns a row's first field, by which a person finds the row: the id, or the id of the record that it belongs to.
func (k Kind[T]) Key(record T) string { return fmt.Sprint(reflect.ValueOf(record).Field(0)) }

// Letters names the type, "CL".
func (k Kind[T]) Letters() string { return k.letters }

// Decode reads a record that Split gave. With a *copybook.FieldError it returns the fields that can be read.
func (k Kind[T]) Decode(r Record) (T, error) {
	if r.Letters != k.letters {
		var none T
		return none, fmt.Errorf("record %s where %s (%s) was expected", r.Letters, k.letters, k.layout.Name())
	}
	return k.layout.Decode(padded(r.bytes, k.layout.Size()))
}

// padded returns a row with spaces for the fields that a host of the release before does not send: they are absent.
func padded(row []byte, size int) []byte {
	if len(row) >= size {
		return row
	}
	return append(slices.Clip(row), bytes.Repeat([]byte{space}, size-len(row))...)
}

// Record is a record that is not yet decoded.
type Record struct {
	Letters string
	bytes   []byte
}

// Equal tells whether both are the same, byte for byte.
func (r Record) Equal(other Record) bool {
	return r.Letters == other.Letters && bytes.Equal(r.bytes, other.bytes)
}

// Split cuts a body of count records. It fails on an unknown type, on a part of a record, and on a wrong count. All rows of a body
// are of one release of the host: of this one, or of the one before, whose rows are shorter.
func (l *Layouts) Split(body []byte, count int) ([]Record, error) {
	all, err := split(body, count, l.sizes)
	if err == nil {
		return all, nil
	}
	if all, formerErr := split(body, count, l.former); formerErr == nil {
		return all, nil
	}
	return nil, err
}

// split cuts a body by the sizes of the types.
func split(body []byte, count int, sizes map[string]int) ([]Record, error) {
	if count < 0 || count > len(body)/codeSize {
		return nil, fmt.Errorf("%d records cannot be in %d bytes", count, len(body))
	}
	all := make([]Record, 0, count)
	for rest := body; len(rest) > 0; {
		if len(rest) < codeSize {
			return nil, fmt.Errorf("record %d: cut off", len(all)+1)
		}
		letters := string([]byte{ascii(rest[0]), ascii(rest[1])})
		size, known := sizes[letters]
		if !known {
			return nil, fmt.Errorf("record %d: %w %q", len(all)+1, ErrUnknown, letters)
		}
		if len(rest) < codeSize+size {
			return nil, fmt.Errorf("record %d of type %s: cut off", len(all)+1, letters)
		}
		all = append(all, Record{Letters: letters, bytes: rest[codeSize : codeSize+size]})
		rest = rest[codeSize+size:]
	}
	if len(all) != count {
		return nil, fmt.Errorf("%d records, the header says %d", len(all), count)
	}
	return all, nil
}

// ebcdic returns a capital letter in EBCDIC, where the alphabet lies in three rows.
func ebcdic(letter byte) byte {
	switch {
	case letter <= 'I':
		return letter - 'A' + 0xc1
	case letter <= 'R':
		return letter - 'J' + 0xd1
	}
	return letter - 'S' + 0xe2
}

// ascii is the inverse of ebcdic; what is no capital letter becomes '?'.
func ascii(b byte) byte {
	switch {
	case b >= 0xc1 && b <= 0xc9:
		return b - 0xc1 + 'A'
	case b >= 0xd1 && b <= 0xd9:
		return b - 0xd1 + 'J'
	case b >= 0xe2 && b <= 0xe9:
		return b - 0xe2 + 'S'
	}
	return '?'
}
