package message

import (
	"fmt"
	"strings"
)

// Bounds of texts, in characters. They are those of the FIX gateway.
const (
	maxReference = 64
	maxParty     = 32 // client, account, pair
	maxCode      = 32
	maxTenor     = 8
	maxWords     = 512
)

// bound says how long a text may be, and whether it may be missing.
type bound struct {
	most int
	need bool
}

func required(most int) bound { return bound{most, true} }
func optional(most int) bound { return bound{most, false} }

// text is printable ASCII with its length in one byte.
func (f *fields) text(name string, v *string, b bound) {
	f.describe(name, "1 + n", b)
	f.checkText(name, v, string(f.counted(name, 1, f.cut(name, *v, b))), b)
}

// words is a text for a person, with its length in two bytes. Characters that cannot be sent are replaced, and a long text is cut,
// so that the text never prevents an answer.
func (f *fields) words(name string, v *string) {
	f.describe(name, "2 + n", optional(maxWords))
	given := Printable(*v)
	f.checkText(name, v, string(f.counted(name, 2, []byte(given))), optional(maxWords))
}

// cut shortens a text whose length does not fit into its length field.
func (f *fields) cut(name, given string, b bound) []byte {
	if len(given) > b.most {
		f.fail(name, fmt.Sprintf("at most %d characters", b.most))
		return nil
	}
	return []byte(given)
}

func (f *fields) checkText(name string, v *string, text string, b bound) {
	switch {
	case text == "" && b.need:
		f.fail(name, ruleNeeded)
	case len(text) > b.most:
		f.fail(name, fmt.Sprintf("at most %d characters", b.most))
	case !printable(text):
		f.fail(name, "printable ASCII")
	case f.mode == reading:
		*v = text
	}
}

func (b bound) String() string {
	if b.need {
		return fmt.Sprintf("text, 1 to %d", b.most)
	}
	return fmt.Sprintf("text, up to %d", b.most)
}

// currency is three capital letters. Three blanks mean that there is none.
func (f *fields) currency(name string, v *string) {
	f.describe(name, "3", plain("currency"))
	given := []byte("   ")
	if *v != "" && copy(given, *v) != len(*v) {
		f.fail(name, "three capital letters")
	}
	text := strings.TrimRight(string(f.fixed(name, given)), " ")
	if text != "" && !isCurrency(text) {
		f.fail(name, "three capital letters")
		return
	}
	if f.mode == reading {
		*v = text
	}
}

func isCurrency(text string) bool {
	if len(text) != 3 {
		return false
	}
	for _, c := range []byte(text) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

func printable(text string) bool {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// Printable returns a text in the form that can be sent: printable ASCII, at most 512 characters.
func Printable(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return ' '
		case r > '~':
			return '?'
		}
		return r
	}, text)
	return clean[:min(len(clean), maxWords)]
}
