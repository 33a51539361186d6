package engine

import (
	"strconv"
	"testing"
)

func report(status, trade string) []byte {
	return []byte("8=FIX.4.4\x019=50\x0135=8\x0134=2\x0137=" + trade + "\x0139=" + status + "\x0110=000\x01")
}

// A provider lacks the pending answer until it was given, and again once the order is decided. An order that is asked for twice is pending
// twice.
func TestPendingAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		happened func(p *pending)
		want     bool
	}{
		"nothing":                             {func(*pending) {}, true},
		"pending":                             {func(p *pending) { p.note(1, report("A", "a")) }, false},
		"filled":                              {func(p *pending) { p.note(1, report("2", "a")) }, true},
		"another one is pending":              {func(p *pending) { p.note(1, report("A", "b")) }, true},
		"pending, decided":                    {func(p *pending) { p.note(1, report("A", "a")); p.decided("a") }, true},
		"pending twice, one answered":         {func(p *pending) { p.note(1, report("A", "a")); p.note(2, report("A", "a")); p.answered("a") }, false},
		"pending twice, decided":              {func(p *pending) { p.note(1, report("A", "a")); p.note(2, report("A", "a")); p.decided("a") }, true},
		"pending, and the numbers begin anew": {func(p *pending) { p.note(9, report("A", "a")); p.note(1, report("A", "b")) }, false},
		"more than it keeps": {func(p *pending) {
			for n := range maxPending + 1 {
				p.note(n+1, report("A", "b"+strconv.Itoa(n)))
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var p pending
			test.happened(&p)
			if got := p.lacks("a"); got != test.want {
				t.Error(got)
			}
		})
	}
}

// The next holder of the session reads from the oldest pending answer to an undecided order.
func TestWhereTheNextHolderReads(t *testing.T) {
	var p pending
	expect := func(what string, next, want int) {
		t.Helper()
		if got := p.since(next); got != want {
			t.Errorf("%s: from %d, want %d", what, got, want)
		}
	}
	expect("nothing is pending", 1, 1)
	for number, trade := range []string{"a", "b", "c"} {
		p.note(number+1, report("A", trade))
	}
	expect("three are", 4, 1)
	p.decided("b")
	expect("the second is decided", 5, 1)
	p.decided("a")
	expect("the first as well", 6, 3)
	p.note(1, report("A", "d"))
	expect("the numbers have begun anew", 2, 1)
	p.decided("d")
	expect("what came afterwards is decided", 3, 3)
}

// The memory is bounded, also if one order is never decided.
func TestOneOrderIsNeverDecided(t *testing.T) {
	var p pending
	p.note(1, report("A", "never"))
	for n := range 3 * maxPending {
		trade := strconv.Itoa(n)
		p.note(n+2, report("A", trade))
		p.decided(trade)
		if got := p.since(n + 3); got != 1 {
			t.Fatalf("from %d", got)
		}
	}
	if len(p.told) > maxPending+1 || p.lacks("never") {
		t.Errorf("%d are kept", len(p.told))
	}
}
