package stream

import (
	"fmt"
	"strconv"
	"strings"
)

// Position is a place in the changes of one read model: everything below At was told.
type Position struct {
	Epoch string // names the read model
	At    uint64
}

// String returns the form that listeners send back: 7f3a0c11-50050.
func (p Position) String() string { return fmt.Sprintf("%s-%d", p.Epoch, p.At) }

// ParsePosition is the inverse of String.
func ParsePosition(text string) (Position, error) {
	epoch, number, _ := strings.Cut(text, "-")
	at, err := strconv.ParseUint(number, 10, 64)
	if err != nil || epoch == "" {
		return Position{}, fmt.Errorf("position %q is not one that the stream has given", text)
	}
	return Position{epoch, at}, nil
}
