package line

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Query says which lines to find, the newest first. Empty fields are no condition; all others must hold.
type Query struct {
	Text     string // words, all of which the line has
	Level    string // this level or one above it
	Service  string
	Instance string
	Story    string // a trade's, a line check's id
	Trace    string
	From, To time.Time // From inclusive, To exclusive
	After    Position  // the last line of the page before
	Limit    int       // 1 to MaxLimit
}

// MaxLimit bounds a page.
const MaxLimit = 1000

// Position is the place of a line among all: by time, then by id. The zero value is before the newest.
type Position struct {
	Time time.Time
	ID   string
}

// PositionOf returns a line's position.
func PositionOf(l Line) Position { return Position{l.Time, l.ID} }

// IsZero tells whether it is the place before the newest line.
func (p Position) IsZero() bool { return p == Position{} }

// Cursor writes a position as a text for a URL.
func (p Position) Cursor() string {
	if p.IsZero() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(p.Time.UTC().Format(time.RFC3339Nano) + " " + p.ID))
}

// ParseCursor reads what Cursor wrote. Its error says that the cursor is none.
func ParseCursor(text string) (p Position, err error) {
	if text == "" {
		return p, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	at, id, found := strings.Cut(string(raw), " ")
	if err == nil && found && isID(id) {
		if p.Time, err = time.Parse(time.RFC3339Nano, at); err == nil {
			p.ID = id
			return p, nil
		}
	}
	return Position{}, errors.New("the cursor is not one that a page gave")
}

func isID(text string) bool {
	return len(text) == 36 && strings.Trim(text, "0123456789abcdef-") == ""
}

// Validate says what is wrong with a query.
func (q Query) Validate() error {
	switch {
	case q.Limit < 1 || q.Limit > MaxLimit:
		return fmt.Errorf("limit must be 1 to %d", MaxLimit)
	case q.Level != "" && LevelsFrom(q.Level) == nil:
		return errors.New("level must be debug, info, warn or error")
	case !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To):
		return errors.New("from must be before to")
	}
	return nil
}
