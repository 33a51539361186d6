package log_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"fxcore/lambda/log"
)

func TestWhatIsNotPrintableIsWrittenOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain, with\ta tab\n":       "plain, with\ta tab\n",
		"Zürich 東京 €":                "Zürich 東京 €",
		"\x1b[2J\x00\x7f":            `\x1b[2J\x00\x7f`,
		"\u009b31m\u0085":            `\u009b31m\u0085`,
		"pay \u202eEVIL\u2066\u200b": `pay \u202eEVIL\u2066\u200b`,
		"\U000e0041\ufeff":           `\U000e0041\ufeff`,
		"no UTF-8: \xff\x9b":         `no UTF-8: \xff\x9b`,
		"\uFFFD as such":             "\uFFFD as such",
	} {
		if got := log.Printable(text, 100); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := log.Printable(strings.Repeat("\x01", 60<<10), 64); len(got) > 100 || !strings.HasSuffix(got, "(61440 bytes)") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// Whatever the text, what is shown is valid, printable, and bounded.
func TestPrintable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "text")) + rapid.String().Draw(t, "more")
		most := rapid.IntRange(0, 80).Draw(t, "most")
		got := log.Printable(text, most)
		if !utf8.ValidString(got) || len(got) > most+32 {
			t.Fatalf("%q", got)
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
				t.Fatalf("%q has %U", got, r)
			}
		}
	})
}

// No value of an entry reaches the log as a stranger has sent it: neither as a text, nor within an error, a group or a list.
func TestAnEntryIsPrintableAndBounded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	evil := "\u009b2J\u202e" + strings.Repeat("\x01", 60<<10)
	log.New(&out, "service", "service-1", slog.LevelInfo).Info(evil, //nolint:sloglint // a message that somebody else has written
		"event.reason", evil, log.Error(errors.New(evil)),
		slog.Group("group", slog.String("inside", evil)), slog.Any("list", []string{evil, evil}), slog.Any("named", named(evil)))
	if out.Len() > 40<<10 {
		t.Errorf("the entry has %d bytes", out.Len())
	}
	for _, r := range strings.TrimSuffix(out.String(), "\n") {
		if !unicode.IsPrint(r) {
			t.Fatalf("the entry has %U", r)
		}
	}
	decode(t, out.Bytes())
}

type named string

func (n named) String() string { return string(n) }
