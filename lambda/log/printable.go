package log

import (
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of one value in an entry, in bytes. What comes from outside could otherwise be of any size.
const (
	maxValue = 4 << 10
	maxStack = 32 << 10 // of a stack trace, which is ours
)

// Printable makes a text safe to be written and shown, and at most so many bytes long. It writes each character that is not printable in
// the form of a Go string, such as \x1b, \u009b or \u202e: control characters command a terminal, and those of direction make a text
// read as another one. Line feeds and tabs stay. A longer text says how long it is.
func Printable(text string, most int) string {
	if len(text) <= most && plain(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		width := b.Len()
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case shown(r):
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		if b.Len() > most {
			return b.String()[:width] + fmt.Sprintf("… (%d bytes)", len(text))
		}
	}
	return b.String()
}

// plain reports whether a text is of printable ASCII, line feeds and tabs. Nearly all are.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

func shown(r rune) bool { return r == '\n' || r == '\t' || unicode.IsPrint(r) }

// bounded returns an attribute with a printable value.
func bounded(a slog.Attr) slog.Attr {
	most := maxValue
	if a.Key == "error.stack_trace" {
		most = maxStack
	}
	if a.Value.Kind() == slog.KindString {
		if text := a.Value.String(); len(text) > most || !plain(text) {
			return slog.String(a.Key, Printable(text, most))
		}
		return a
	}
	if a.Value.Kind() != slog.KindAny {
		return a
	}
	switch value := a.Value.Any().(type) {
	case error, encoding.TextMarshaler, json.Marshaler:
		return a
	case []string:
		return slog.Any(a.Key, boundedTexts(value, most))
	default:
		if v := reflect.ValueOf(value); v.Kind() == reflect.String {
			return slog.String(a.Key, Printable(v.String(), most))
		}
	}
	return a
}

func boundedTexts(texts []string, most int) []string {
	safe := make([]string, 0, maxTexts)
	for _, text := range texts[:min(len(texts), maxTexts)] {
		safe = append(safe, Printable(text, most/maxTexts))
	}
	return safe
}

// maxTexts bounds a list of texts.
const maxTexts = 16
