package audit

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// all takes everything that a trail has.
func all(t *testing.T, trail *Trail) (entries []Entry) {
	t.Helper()
	ended, end := context.WithCancel(t.Context())
	end()
	for some := trail.Next(ended); len(some) > 0; some = trail.Next(ended) {
		entries = append(entries, some...)
		trail.Sent(len(some))
	}
	return entries
}

func TestWhatTheKnownDidIsKeptOneByOne(t *testing.T) {
	trail := NewTrail()
	for range 120 {
		trail.Note(Note{What: "session.moved", Outcome: Done, Who: "U0013"})
	}
	got := all(t, trail)
	if len(got) != 120 || got[0].Count != 1 || got[0].Who != "U0013" || got[0].At.IsZero() || trail.Held() != 0 {
		t.Errorf("%d entries, the first %+v", len(got), got[0])
	}
}

// A stranger who guesses under other names all the time, from one network, has two entries in a minute.
func TestAStrangersNotesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trail := NewTrail()
		for i := range 1000 {
			trail.Stranger(Note{What: "logon.refused", Outcome: Refused, Who: fmt.Sprint("N", i), From: fmt.Sprintf("2001:db8::%x", i+1), About: "fix", Why: "wrong"})
		}
		time.Sleep(interval)
		got := all(t, trail)
		if len(got) != 2 || got[0].Count != 1 || got[0].Who != "N0" {
			t.Fatalf("%+v", got)
		}
		if more := got[1]; more.Count != 999 || more.Since == nil || more.Who != "N0, N1, N2 and others" {
			t.Errorf("%+v", more)
		}
		trail.Stranger(Note{What: "logon.refused", Outcome: Refused, Who: "N1", From: "2001:db8::1", About: "fix"})
		if got := all(t, trail); len(got) != 1 || got[0].Count != 1 {
			t.Errorf("in the next minute: %+v", got)
		}
	})
}

// However many addresses there are, a minute has a bounded number of entries, and each note is counted.
func TestStrangersOfManyAddressesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trail := NewTrail()
		const guesses = 100_000
		for i := range guesses {
			trail.Stranger(Note{What: "logon.refused", Outcome: Refused, From: fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), Why: "wrong"})
		}
		time.Sleep(interval)
		got, n := all(t, trail), 0
		for _, e := range got {
			n += e.Count
		}
		if len(got) > 2*(mostTold+1) || n != guesses {
			t.Errorf("%d entries for %d guesses, want %d", len(got), n, guesses)
		}
	})
}

// While the broker is away, strangers push out nothing that others have done, and what is dropped is said.
func TestStrangersPushOutNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trail := NewTrail()
		for minute := range 2000 {
			for i := range 10 {
				trail.Stranger(Note{What: "logon.refused", From: fmt.Sprintf("10.0.%d.%d", minute%200, i)})
			}
			trail.Note(Note{What: "session.barred", Who: "U0013", About: fmt.Sprint(minute)})
			time.Sleep(interval)
		}
		if err := trail.Concern(t.Context()); err == nil {
			t.Error("nobody is told that notes were dropped")
		}
		barred, said, strangers := 0, 0, 0
		for _, e := range all(t, trail) {
			switch e.What {
			case "session.barred":
				barred++
			case "audit.dropped":
				said++
			default:
				strangers++
			}
		}
		if barred != 2000 || said != 1 || strangers > mostStrangers || trail.Lost() == 0 {
			t.Errorf("%d of 2000 are kept, %d of strangers, %d entries tell of %d dropped ones", barred, strangers, said, trail.Lost())
		}
		time.Sleep(2 * alarmed)
		if err := trail.Concern(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTheTrailHasABound(t *testing.T) {
	trail := NewTrail()
	for range mostWaiting + 7 {
		trail.Note(Note{What: "a"})
	}
	if got := all(t, trail); len(got) != mostWaiting+1 || !strings.HasPrefix(got[mostWaiting].Why, "7 notes") {
		t.Errorf("%d entries, the last %+v", len(got), got[len(got)-1])
	}
}

func TestTextsFromOutsideAreBoundedAndPrintable(t *testing.T) {
	trail := NewTrail()
	trail.Stranger(Note{What: "logon.refused", Who: strings.Repeat("\u009b\x1b[2J", 1000), From: "203.0.113.7", Why: strings.Repeat("x", 1<<20)})
	e := all(t, trail)[0]
	if len(e.Who) > longestName+30 || len(e.Why) > longestText+30 || strings.ContainsAny(e.Who, "\x1b\u009b") {
		t.Errorf("%q, %d bytes", e.Who, len(e.Why))
	}
}

func TestAProgramThatStopsSaysWhatItHasCounted(t *testing.T) {
	trail := NewTrail()
	for range 5 {
		trail.Stranger(Note{What: "logon.refused", From: "203.0.113.7:4711"})
	}
	trail.Close()
	if got := all(t, trail); len(got) != 2 || got[1].Count != 4 {
		t.Errorf("%+v", got)
	}
}
