// Package copybook reads and writes the mainframe's fixed-width records: EBCDIC text, zoned and packed decimals (COMP-3),
// dates and timestamps, as a COBOL copybook lays them out.
//
// A record is a Go struct; each field says its picture in a tag, and its Go type says how the picture is meant:
//
//	string               X(n)                    text, padded with spaces on the right; "" is all spaces
//	int                  9(n)                    zoned digits, without a sign
//	decimal.Decimal      9(n)V9(m), S9(n)V9(m) COMP-3   zoned or packed, the decimal point implied
//	decimal.NullDecimal  the same                all spaces mean absent
//	time.Time            9(8)                    a date, YYYYMMDD; spaces mean absent, the zero time
//	time.Time            X(26)                   a timestamp in UTC, as Db2 writes it: 2026-11-22-10.15.30.123456
//	bool                 X(1)                    Y or N
//	_ struct{}           X(n)                    filler: spaces, ignored when read
//
// Text is code page 1140: US EBCDIC (037) with the euro sign, the code page that z/OS recommends since the euro, and
// the same as 037 in all other 255 bytes, so that a host still on 037 is understood too. Line ends never pass: control
// characters are refused both ways.
//
// What Encode accepts, Decode gives back unchanged. An error names the record, the field and its offset.
package copybook

import (
	"fmt"
	"reflect"
)

// Layout is the compiled form of record T. It is immutable and safe for concurrent use.
type Layout[T any] struct {
	name   string
	size   int
	fields []field
}

type field struct {
	name          string
	index         int
	offset, width int
	codec         codec
}

// codec is one field's form. Both slices have exactly the field's width.
type codec interface {
	decode(from []byte, into reflect.Value) error
	encode(into []byte, from reflect.Value) error
}

// FieldError tells which field of which record could not be read or written.
type FieldError struct {
	Record string
	Field  string
	Offset int // of the field's first byte in its record, from 0
	Err    error
}

// Error names the field as an operator finds it in a hex dump.
func (e *FieldError) Error() string {
	return fmt.Sprintf("record %s, field %s at offset %d: %v", e.Record, e.Field, e.Offset, e.Err)
}

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// New compiles the layout of T, a struct. It fails on a field without a picture or with one that does not suit its type.
func New[T any](name string) (Layout[T], error) {
	l := Layout[T]{name: name}
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		return l, fmt.Errorf("record %s: %s is not a struct", name, t)
	}
	text := newPage()
	for i := range t.NumField() {
		f := t.Field(i)
		c, width, err := compile(f, text)
		if err != nil {
			return l, &FieldError{Record: name, Field: f.Name, Offset: l.size, Err: err}
		}
		l.fields = append(l.fields, field{name: f.Name, index: i, offset: l.size, width: width, codec: c})
		l.size += width
	}
	return l, nil
}

// Size is the length of the record in bytes.
func (l Layout[T]) Size() int { return l.size }

// Offset returns where a field begins, in bytes from the record's start; false if there is no such field.
func (l Layout[T]) Offset(name string) (int, bool) {
	for _, f := range l.fields {
		if f.name == name {
			return f.offset, true
		}
	}
	return 0, false
}

// Name is the record's name, as errors show it.
func (l Layout[T]) Name() string { return l.name }

// Decode reads a record. It fails with ErrLength, or with a *FieldError that wraps one of the errors of this package. A
// *FieldError is of the first bad field; the fields that can be read are in the record all the same.
func (l Layout[T]) Decode(from []byte) (T, error) {
	var record T
	if len(from) != l.size {
		return record, fmt.Errorf("record %s: %w: %d bytes, want %d", l.name, ErrLength, len(from), l.size)
	}
	v := reflect.ValueOf(&record).Elem()
	var first error
	for _, f := range l.fields {
		err := f.codec.decode(from[f.offset:f.offset+f.width], v.Field(f.index))
		if err != nil {
			v.Field(f.index).SetZero()
		}
		if err != nil && first == nil {
			first = &FieldError{Record: l.name, Field: f.name, Offset: f.offset, Err: err}
		}
	}
	return record, first
}

// Append writes a record to the end of b. On an error b is returned as it was.
func (l Layout[T]) Append(b []byte, record T) ([]byte, error) {
	start := len(b)
	b = append(b, make([]byte, l.size)...)
	v := reflect.ValueOf(&record).Elem()
	for _, f := range l.fields {
		at := start + f.offset
		if err := f.codec.encode(b[at:at+f.width], v.Field(f.index)); err != nil {
			return b[:start], &FieldError{Record: l.name, Field: f.name, Offset: f.offset, Err: err}
		}
	}
	return b, nil
}
