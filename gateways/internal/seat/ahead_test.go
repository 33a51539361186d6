package seat

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// workshop counts the sessions that are made, prepared and discarded, each by its number.
type workshop struct {
	*ahead[int]

	made      int
	prepared  []int
	discarded []int
	broken    bool
}

func newWorkshop() *workshop {
	w := &workshop{}
	w.ahead = &ahead[int]{
		create: func() int { w.made++; return w.made },
		prepare: func(_ context.Context, made int) error {
			if w.broken {
				return errors.New("broken")
			}
			w.prepared = append(w.prepared, made)
			return nil
		},
		discard: func(_ context.Context, made int) error { w.discarded = append(w.discarded, made); return nil },
		ending:  make(chan struct{}),
	}
	return w
}

func (w *workshop) expect(t *testing.T, made int, prepared, discarded []int) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.made != made || !slices.Equal(w.prepared, prepared) || !slices.Equal(w.discarded, discarded) {
		t.Errorf("made %d, prepared %v, discarded %v; want %d, %v, %v", w.made, w.prepared, w.discarded, made, prepared, discarded)
	}
}

// A session is ready before it is wanted. The next one is made a moment after the last one has ended, and not beside it.
func TestTheNextSessionIsMadeWhenTheLastHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkshop()
		w.make()
		w.make()
		if got := w.take(); got != 1 {
			t.Errorf("session %d", got)
		}
		w.make() // there is one in use
		w.expect(t, 1, []int{1}, nil)
		w.ended()
		synctest.Wait()
		w.expect(t, 1, []int{1}, nil)
		time.Sleep(rest) // fake time
		synctest.Wait()
		w.expect(t, 2, []int{1, 2}, nil)
		if err := w.close(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.ended()
		w.makeSoon()
		synctest.Wait()
		w.expect(t, 2, []int{1, 2}, []int{2})
	})
}

// A session that is taken again at once, as in a renewal, is made at that moment. No other one is made later.
func TestNothingIsMadeBesideASessionThatBeganAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkshop()
		w.take()
		w.ended()
		if got := w.take(); got != 2 {
			t.Errorf("session %d", got)
		}
		time.Sleep(2 * rest) // fake time
		synctest.Wait()
		w.expect(t, 2, nil, nil)
		if err := w.close(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// A session that could not be prepared is made when it is asked for. Its error is returned then.
func TestASessionThatCannotBePreparedIsMadeWhenItIsTaken(t *testing.T) {
	w := newWorkshop()
	w.broken = true
	w.make()
	if got := w.take(); got != 2 {
		t.Errorf("session %d", got)
	}
	w.giveBack(2)
	if got := w.take(); got != 2 {
		t.Errorf("session %d instead of the one that was given back", got)
	}
}

// With other rules the session that is ready is discarded, and another one is made.
func TestASessionByOldRulesIsDiscarded(t *testing.T) {
	w := newWorkshop()
	if err := w.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.expect(t, 0, nil, nil)
	w.make()
	if err := w.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.making.Wait()
	w.expect(t, 2, []int{1, 2}, []int{1})
}
