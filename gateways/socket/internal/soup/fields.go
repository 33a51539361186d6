package soup

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// ErrField means that a field of a login or of its answer breaks the specification. The text names the field. It never shows the
// value, which may be a password.
var ErrField = errors.New("invalid field")

// ErrSession means that a login names its session or the next message in an invalid form.
var ErrSession = errors.New("no session has this name or number")

var blank = []byte(" ")

// fieldReader reads fields of fixed width. It keeps the first fault.
type fieldReader struct {
	rest []byte
	err  error
}

func (r *fieldReader) fail(field, rule string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w: %s", field, ErrField, rule)
	}
}

func (r *fieldReader) take(field string, width int) []byte {
	if len(r.rest) < width {
		r.fail(field, "cut short")
		return nil
	}
	taken := r.rest[:width]
	r.rest = r.rest[width:]
	return taken
}

// left reads a text that is padded with blanks on the right. An empty text is a fault.
func (r *fieldReader) left(field string, width int) string {
	text := bytes.TrimRight(r.take(field, width), " ")
	if len(text) == 0 {
		r.fail(field, "empty")
	}
	return r.text(field, text)
}

// right reads a text that is padded with blanks on the left.
func (r *fieldReader) right(field string, width int) string {
	return r.text(field, bytes.TrimLeft(r.take(field, width), " "))
}

func (r *fieldReader) text(field string, text []byte) string {
	if !alphanumeric(string(text)) {
		r.fail(field, "letters and digits, then blanks alone on the side where they belong")
		return ""
	}
	return string(text)
}

// number reads the last field: digits, padded with blanks on the left.
func (r *fieldReader) number() uint64 {
	const field = "sequence number"
	text := bytes.TrimLeft(r.take(field, numberWidth), " ")
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		r.fail(field, "digits with blanks to the left, below 2^64")
	}
	if len(r.rest) > 0 {
		r.fail(field, "bytes follow it")
	}
	return n
}

// fieldWriter writes fields of fixed width. It keeps the first fault.
type fieldWriter struct {
	buf []byte
	err error
}

func (w *fieldWriter) fail(field, rule string) {
	if w.err == nil {
		w.err = fmt.Errorf("%s: %w: %s", field, ErrField, rule)
	}
}

func (w *fieldWriter) left(field, text string, width int) {
	if text == "" {
		w.fail(field, "empty")
	}
	w.pad(field, text, width, func(blanks []byte) { w.buf = append(append(w.buf, text...), blanks...) })
}

func (w *fieldWriter) right(field, text string, width int) {
	w.pad(field, text, width, func(blanks []byte) { w.buf = append(append(w.buf, blanks...), text...) })
}

func (w *fieldWriter) pad(field, text string, width int, write func(blanks []byte)) {
	if len(text) > width || !alphanumeric(text) {
		w.fail(field, fmt.Sprintf("at most %d letters and digits", width))
		return
	}
	write(bytes.Repeat(blank, width-len(text)))
}

func (w *fieldWriter) number(n uint64) {
	w.right("sequence number", strconv.FormatUint(n, 10), numberWidth)
}

func alphanumeric(text string) bool {
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
