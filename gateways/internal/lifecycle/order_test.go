package lifecycle_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fxcore/gateways/internal/store"
)

// The provider is let in once the writers run. At the end the session first gets no more requests. Then the provider is told
// goodbye, while its messages are still stored. The connection is closed last.
func TestTheOrderInWhichASessionBeginsAndEnds(t *testing.T) {
	s, w := session(t, database(t), 0)
	begin(t, s, 7)
	eventually(t, "the loops", func() bool { return w.runs("consume test.ALPHA 7") && w.runs("own") })
	w.finish = func(ctx context.Context) error {
		if w.runs("consume test.ALPHA 7") || w.runs("own") {
			t.Error("a loop runs when the provider is told goodbye")
		}
		seq := s.Store.Out.Next()
		return errors.Join(s.Store.Out.Append(seq, []byte("goodbye")), s.Store.Out.WaitCovered(ctx, seq))
	}
	w.atClose = func() {
		seq := s.Store.Out.Next()
		if err := s.Store.Out.Append(seq, []byte("too late")); err != nil || s.Store.Out.Covered(seq) {
			t.Errorf("covered after the writer has ended: %t, %v", s.Store.Out.Covered(seq), err)
		}
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.atClose = nil
	w.Expect(t, "resume", "prepare", "finish", "close")
}

// The broker confirms a request while the session ends. The provider gets its pending answer, and the request is stored as
// received, both in one commit.
func TestARequestUnderWayIsFinished(t *testing.T) {
	pool := database(t)
	s, w := session(t, pool, 0)
	begin(t, s, 1)
	submit(t, s)
	eventually(t, "the broker to be asked", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return w.open != nil })
	w.finish = func(ctx context.Context) error {
		go w.open()
		s.Drain(ctx)
		return s.Teller.Flush(ctx)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if in, out := stored(t, pool); in != 2 || out != 2 {
		t.Errorf("next in %d, out %d, want 2 and 2", in, out)
	}
}

// Drain gives up on a broker that confirms nothing. The request does not count, and the provider sends it again.
func TestARequestThatIsNotConfirmedDoesNotCount(t *testing.T) {
	pool := database(t)
	s, w := session(t, pool, 0)
	begin(t, s, 1)
	submit(t, s)
	w.finish = func(ctx context.Context) error {
		bounded, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		s.Drain(bounded)
		return s.Teller.Flush(ctx)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if in, out := stored(t, pool); in != 1 || out != 1 {
		t.Errorf("next in %d, out %d, want 1 and 1", in, out)
	}
}

// A session that is abandoned writes nothing from that moment on. The way to the provider is cut before anything is waited for.
func TestAnAbandonedSessionWritesNothing(t *testing.T) {
	s, w := session(t, database(t), 0)
	begin(t, s, 1)
	eventually(t, "the loops", func() bool { return w.runs("consume test.ALPHA 1") && w.runs("own") })
	w.atCut = func() {
		if !w.runs("consume test.ALPHA 1") {
			t.Error("the way to the provider is cut too late")
		}
		if err := s.Store.Out.Append(1, []byte("too late")); !errors.Is(err, store.ErrFenced) {
			t.Errorf("stored: %v", err)
		}
	}
	if err := s.Abandon(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.atCut = nil
	w.Expect(t, "resume", "prepare", "cut", "close")
	if w.runs("consume test.ALPHA 1") || w.runs("own") {
		t.Error("a loop is left")
	}
}

// When another holder has opened the session, the first write of this one ends it. Check says why.
func TestASessionThatAnotherHasTakenEnds(t *testing.T) {
	pool := database(t)
	s, w := session(t, pool, 0)
	begin(t, s, 1)
	other, _ := session(t, pool, 0)
	if err := other.Open(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Out.Append(1, []byte("too late")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the session to end", func() bool { return errors.Is(s.Check(t.Context()), store.ErrFenced) })
	eventually(t, "its connection to be closed", func() bool { return slices.Contains(w.Notes(), "close") })
	w.Expect(t, "resume", "prepare", "cut", "close")
}

// A session that cannot let its provider in has ended when Start returns its error. It was handed nothing.
func TestASessionThatCannotStartHasEnded(t *testing.T) {
	s, w := session(t, database(t), 0)
	w.prepare = errors.New("no port")
	if err := s.Open(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); !errors.Is(err, w.prepare) {
		t.Errorf("error %v", err)
	}
	w.Expect(t, "resume", "prepare", "finish", "close")
	if w.runs("consume test.ALPHA 1") {
		t.Error("it consumes")
	}
}

// Open may be tried again after a failure. An older epoch opens nothing.
func TestOpenMayBeTriedAgain(t *testing.T) {
	pool := database(t)
	s, _ := session(t, pool, 0)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.Open(ended, 2); err == nil {
		t.Fatal("opened without a server")
	}
	begin(t, s, 2)
	older, _ := session(t, pool, 0)
	if err := older.Open(t.Context(), 1); !errors.Is(err, store.ErrFenced) {
		t.Errorf("error %v", err)
	}
}

// A provider with a grace that stays away is told, whatever its protocol. A provider that is logged on or has no grace is not.
func TestAbsenceIsWatchedForEveryProtocol(t *testing.T) {
	for name, test := range map[string]struct {
		grace    time.Duration
		loggedOn bool
		want     int
	}{"away": {time.Millisecond, false, 1}, "there": {time.Millisecond, true, 0}, "no grace": {0, false, 0}} {
		t.Run(name, func(t *testing.T) {
			pool := database(t)
			s, w := session(t, pool, test.grace)
			w.loggedOn = test.loggedOn
			begin(t, s, 1)
			ended := func() int { w.mu.Lock(); defer w.mu.Unlock(); return len(w.ended) }
			if test.want > 0 {
				eventually(t, "the end", func() bool { return ended() == test.want })
			}
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := ended(); n != test.want {
				t.Errorf("%d ends, want %d", n, test.want)
			}
		})
	}
}
