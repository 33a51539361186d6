package session

import (
	"fmt"
	"testing"
)

func TestTakenRemembersTheLast(t *testing.T) {
	var taken taken
	for number := 1; number <= maxTaken+10; number++ {
		taken.note(number, fmt.Sprint("event ", number), 1)
	}
	for name, test := range map[string]struct {
		number int
		event  string
		visit  int
		want   bool
	}{
		"the last":            {maxTaken + 10, fmt.Sprint("event ", maxTaken+10), 2, true},
		"the oldest":          {11, "event 11", 2, true},
		"one more":            {10, "event 10", 2, false},
		"not yet taken":       {maxTaken + 11, fmt.Sprint("event ", maxTaken+11), 2, false},
		"other content":       {20, "event 21", 2, false},
		"on the same visit":   {30, "event 30", 1, false},
		"no number at all":    {0, "event 0", 2, false},
		"in the middle of it": {maxTaken / 2, fmt.Sprint("event ", maxTaken/2), 2, true},
	} {
		if got := taken.before(test.number, test.event, test.visit); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTakenNotesWhereARequestWasSentLast(t *testing.T) {
	var taken taken
	taken.note(7, "event", 1)
	if first, second, third := taken.before(7, "event", 2), taken.before(7, "event", 2), taken.before(7, "event", 3); !first || second || !third {
		t.Error(first, second, third)
	}
}

// A request that is refused as busy is due again. Another request may then come under its number.
func TestTakenForgetsWhatDidNotCount(t *testing.T) {
	var taken taken
	taken.note(7, "event", 1)
	taken.note(8, "busy", 1)
	taken.note(8, "another", 1)
	if taken.before(8, "busy", 2) || !taken.before(8, "another", 2) || !taken.before(7, "event", 2) {
		t.Error("remembers the wrong one")
	}
}
