package event

import (
	"bytes"
	"errors"
	"fmt"
)

// Bounds of a body that is decoded. Publishers stay far below them. A consumer holds many bodies at once, and a decoded event takes about
// 300 bytes even if its text is "null".
const (
	MaxBody   = 4 << 20 // bytes; the broker takes no larger message
	MaxDepth  = 64      // levels of lists and objects
	MaxEvents = 1_000
)

// ErrTooLarge says that a body exceeds MaxBody, MaxDepth or MaxEvents.
var ErrTooLarge = errors.New("too large")

// bounded looks at the brackets and commas of a body without decoding it. It need not be valid JSON: what is wrong with it, the decoder says.
func bounded(body []byte) error {
	if len(body) > MaxBody {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(body), MaxBody)
	}
	if bytes.Count(body, []byte{'['})+bytes.Count(body, []byte{'{'}) <= MaxDepth && bytes.Count(body, []byte{','}) < MaxEvents {
		return nil // as most bodies
	}
	depth, parts := 0, 1 // parts of the outermost list or object
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i += skipText(body[i+1:])
		case '[', '{':
			if depth++; depth > MaxDepth {
				return fmt.Errorf("%w: nested deeper than %d levels", ErrTooLarge, MaxDepth)
			}
		case ']', '}':
			depth = max(0, depth-1)
		case ',':
			if depth > 1 {
				continue
			}
			if parts++; parts > MaxEvents {
				return fmt.Errorf("%w: more than %d events or attributes", ErrTooLarge, MaxEvents)
			}
		}
	}
	return nil
}

// skipText returns how many bytes it takes to the end of a text, its last quote included. A text without an end takes all.
func skipText(b []byte) int {
	for at := 0; ; {
		quote := bytes.IndexByte(b[at:], '"')
		if quote < 0 {
			return len(b)
		}
		at += quote + 1
		slashes := 0
		for i := at - 2; i >= 0 && b[i] == '\\'; i-- {
			slashes++
		}
		if slashes%2 == 0 {
			return at
		}
	}
}
