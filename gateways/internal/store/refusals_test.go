package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/testkit"
)

// nextHolder returns a store of the session for its next holder.
func nextHolder(t *testing.T, pool *pgxpool.Pool, epoch int64) *store.Session {
	t.Helper()
	s := store.New(pool, name, split, testkit.Log(t))
	if err := s.Open(t.Context(), epoch); err != nil {
		t.Fatal(err)
	}
	run(t, s)
	return s
}

// refuse refuses the message that is due. It returns the number of the refusal.
func refuse(t *testing.T, s *store.Session, content string) int {
	t.Helper()
	_, generation, _ := s.Entry()
	seq := send(t, s, "refused", &store.Cause{Refuses: s.In.Next(), Generation: generation, Content: []byte(content)})
	receive(t, s, 1)
	return seq
}

// A message that is refused while an earlier one awaits its confirm is known to the next holder, and the one after it: as often as the
// provider is asked for it.
func TestTheNextHolderKnowsWhatWasRefused(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	s.In.AwaitConfirm(1)
	receive(t, s, 1)
	durable(t, s, refuse(t, s, "two"))
	stop()
	for epoch := range int64(3) {
		s = nextHolder(t, pool, epoch+2)
		if in := s.In.Next(); in != 1 {
			t.Errorf("%d comes next, not the one that was not confirmed", in)
		}
		for number, want := range map[int]bool{1: false, 2: true, 3: false} {
			if got := s.In.Refused(number, []byte("two")); got != want {
				t.Errorf("%d was refused: %v", number, got)
			}
		}
		if s.In.Refused(2, []byte("another one")) {
			t.Error("another message with the number of a refused one was refused")
		}
	}
}

// The number of a message that is refused when all before it is safe is stored in the commit of the refusal or soon after. In
// between, the message is known as refused.
func TestARefusalAndItsNumberAreOneCommit(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	seq := send(t, s, "refused", &store.Cause{Refuses: 1, Generation: 1, Content: []byte("one")})
	durable(t, s, seq) // and is not counted yet
	stop()
	s = nextHolder(t, pool, 2)
	if s.In.Next() != 1 || !s.In.Refused(1, []byte("one")) {
		t.Errorf("%d comes next, refused %v", s.In.Next(), s.In.Refused(1, []byte("one")))
	}
}

// A number that is refused again has the last message's content. Both may be in one commit.
func TestANumberIsRefusedTwice(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	for range 2 {
		refuse(t, s, "first")
		if err := s.In.SetNext(1); err != nil {
			t.Fatal(err)
		}
		durable(t, s, refuse(t, s, "second"))
		if err := s.In.SetNext(1); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	s = nextHolder(t, pool, 2)
	if s.In.Refused(1, []byte("first")) || !s.In.Refused(1, []byte("second")) {
		t.Error("the first message is known, not the second")
	}
}

// Numbers that begin again at 1 are those of other messages. Numbers that go on in a new generation are not.
func TestWhatWasRefusedInAGenerationBefore(t *testing.T) {
	for what, test := range map[string]struct {
		begin func(s *store.Session) error
		known bool
	}{
		"Begin": {(*store.Session).Begin, false},
		"Turn":  {func(s *store.Session) error { return s.Turn(2) }, true},
	} {
		t.Run(what, func(t *testing.T) {
			pool := database(t)
			s, stop := open(t, pool)
			s.In.AwaitConfirm(1)
			receive(t, s, 1)
			durable(t, s, refuse(t, s, "two"))
			stop()
			s = store.New(pool, name, split, testkit.Log(t))
			if err := s.Open(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
			if err := test.begin(s); err != nil {
				t.Fatal(err)
			}
			stop = run(t, s)
			durable(t, s, send(t, s, "first of the generation", nil))
			if known := s.In.Refused(2, []byte("two")); known != test.known {
				t.Errorf("known to its beginner: %v", known)
			}
			stop()
			if known := nextHolder(t, pool, 3).In.Refused(2, []byte("two")); known != test.known {
				t.Errorf("known to the next holder: %v", known)
			}
		})
	}
}

// Refused messages are known for the last 4,096 numbers, and purged as messages are.
func TestHowLongARefusalIsKnown(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	var seq int
	for i := range 4_100 {
		seq = refuse(t, s, fmt.Sprint(i+1))
	}
	durable(t, s, seq)
	stop()
	s = nextHolder(t, pool, 2)
	next := s.In.Next()
	got := map[string]bool{}
	for _, number := range []int{next - 4_097, next - 4_096, 4_100} {
		got[fmt.Sprint(next-number)] = s.In.Refused(number, fmt.Append(nil, number))
	}
	want := map[string]bool{"4097": false, "4096": true, fmt.Sprint(next - 4_100): true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := store.PurgeOnce(t.Context(), pool, store.Retention{Messages: 0, Answers: 1}); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from refusal").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows are left, error %v", rows, err)
	}
}
