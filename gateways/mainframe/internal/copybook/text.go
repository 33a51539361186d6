package copybook

import (
	"fmt"
	"reflect"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// space pads text and fills absent fields.
const space = 0x40

// page is code page 1140 with a short way for ASCII, which nearly all text is.
type page struct {
	ascii [utf8.RuneSelf]byte // 0 where the character may not pass
	runes [256]rune           // 0 where the byte may not pass
}

func newPage() *page {
	p := new(page)
	for b := range p.runes {
		r := charmap.CodePage1140.DecodeByte(byte(b))
		if control(r) {
			continue
		}
		p.runes[b] = r
		if r < utf8.RuneSelf {
			p.ascii[r] = byte(b)
		}
	}
	return p
}

// control characters would be line ends, or invisible in a dump.
func control(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 || r == utf8.RuneError }

func (p *page) encode(r rune) (byte, bool) {
	if r < utf8.RuneSelf {
		return p.ascii[r], p.ascii[r] != 0
	}
	b, ok := charmap.CodePage1140.EncodeRune(r)
	return b, ok && !control(r)
}

// text is a field X(n).
type text struct{ page *page }

func (t text) decode(from []byte, into reflect.Value) error {
	for len(from) > 0 && from[len(from)-1] == space {
		from = from[:len(from)-1]
	}
	var room [64]byte
	decoded := room[:0]
	for i, b := range from {
		r := t.page.runes[b]
		if r == 0 {
			return fmt.Errorf("%w: byte %d is %#02x", ErrCharacter, i, b)
		}
		decoded = utf8.AppendRune(decoded, r)
	}
	into.SetString(string(decoded))
	return nil
}

func (t text) encode(into []byte, from reflect.Value) error {
	s, n := from.String(), 0
	for _, r := range s {
		b, ok := t.page.encode(r)
		if !ok {
			return fmt.Errorf("%w: %q", ErrCharacter, r)
		}
		if n == len(into) {
			return fmt.Errorf("%w: %q in %d characters", ErrTooLong, s, len(into))
		}
		into[n] = b
		n++
	}
	if n > 0 && into[n-1] == space {
		return fmt.Errorf("%w: %q ends in a space, which its padding would swallow", ErrCharacter, s)
	}
	blank(into[n:])
	return nil
}

// filler is room that nobody uses.
type filler struct{}

func (filler) decode([]byte, reflect.Value) error { return nil }

func (filler) encode(into []byte, _ reflect.Value) error {
	blank(into)
	return nil
}

// flag is a field X(1) that holds Y or N.
type flag struct{}

const (
	ebcdicY = 0xe8
	ebcdicN = 0xd5
)

func (flag) decode(from []byte, into reflect.Value) error {
	if from[0] != ebcdicY && from[0] != ebcdicN {
		return fmt.Errorf("%w: %#02x", ErrFlag, from[0])
	}
	into.SetBool(from[0] == ebcdicY)
	return nil
}

func (flag) encode(into []byte, from reflect.Value) error {
	into[0] = ebcdicN
	if from.Bool() {
		into[0] = ebcdicY
	}
	return nil
}

func blank(b []byte) {
	for i := range b {
		b[i] = space
	}
}

// isBlank tells whether a field is absent.
func isBlank(b []byte) bool {
	for _, c := range b {
		if c != space {
			return false
		}
	}
	return true
}
