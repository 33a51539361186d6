// Package line is a log line as the core keeps it: which fields it has, and which words it is found by.
//
// The fields are those of the Elastic Common Schema (ECS 8.11). A field that the schema does not have becomes a label.
package line

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Line is one log line.
type Line struct {
	ID       string    // derived from who wrote it and its number: the same line has the same id however often it comes
	Time     time.Time // when it was written, UTC, in microseconds
	Sequence int64     // the number of the line among those of its process
	Level    string    // debug, info, warn or error
	Message  string
	Service  string
	Instance string            // "auth-2"
	Story    string            // labels.correlation: the trade, line check or other object that it is about; empty if none
	Trace    string            // trace.id; empty if none
	Fields   map[string]string // all other fields by their ECS names
}

// Levels in their order.
var levels = []string{"debug", "info", "warn", "error"}

// LevelsFrom returns the level and those above it; nil if there is no such level.
func LevelsFrom(level string) []string {
	if at := slices.Index(levels, level); at >= 0 {
		return levels[at:]
	}
	return nil
}

// Bounds of the words of a line.
const (
	maxWords    = 200
	maxWordSize = 64 // a longer word is found by its first so many bytes
)

// Words returns the words that the line is found by: those of its message and of the values of its fields, in lower case, each once; the first ones are
// those of the object that it is about and of its trace. A
// word is a run of letters and digits.
func (l Line) Words() []string {
	texts := []string{l.Story, l.Trace, l.Message, l.Service, l.Instance}
	for _, name := range Names(l.Fields) {
		texts = append(texts, l.Fields[name])
	}
	return Words(texts...)
}

// Words splits texts into words as Line.Words does.
func Words(texts ...string) []string {
	words := []string{}
	seen := map[string]bool{}
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len(word) > maxWordSize {
				word = strings.ToValidUTF8(word[:maxWordSize], "")
			}
			if !seen[word] && len(words) < maxWords {
				seen[word] = true
				words = append(words, word)
			}
		}
	}
	return words
}

// Names returns the names of fields in their order.
func Names(fields map[string]string) []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
