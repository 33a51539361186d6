package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

const name = "FIX.4.4:FXCORE->ALPHA"

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, store.Migrations)
}

// open opens the session. Its writer ends with the returned function, which flushes, or with the test.
func open(t *testing.T, pool *pgxpool.Pool) (*store.Session, func()) {
	t.Helper()
	s := store.New(pool, name, split, testkit.Log(t))
	if err := s.Open(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return s, run(t, s)
}

func run(t *testing.T, s *store.Session) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stopped := false
	stop = func() {
		cancel()
		if !stopped {
			stopped = true
			if err := <-done; err != nil && !errors.Is(err, store.ErrFenced) {
				t.Error(err)
			}
		}
	}
	t.Cleanup(stop)
	return stop
}

// message is a kind, a number and a text.
func message(seq int, text string) []byte { return fmt.Appendf(nil, "8 %d %s", seq, text) }

// split keeps the kind and the text.
func split(m store.Sent) (kind string, body []byte) {
	msg := m.Body
	k, rest, _ := bytes.Cut(msg, []byte(" "))
	_, body, _ = bytes.Cut(rest, []byte(" "))
	return string(k), body
}

// send saves the next message and returns its number.
func send(t *testing.T, s *store.Session, text string, cause *store.Cause) int {
	t.Helper()
	if cause != nil {
		if err := cause.Check(); err != nil {
			t.Fatal(err)
		}
	}
	seq := next(s)
	s.Out.Attach(cause)
	if err := s.Out.Append(seq, message(seq, text)); err != nil {
		t.Fatal(err)
	}
	return seq
}

func receive(t *testing.T, s *store.Session, times int) {
	t.Helper()
	for range times {
		if err := s.In.Count(); err != nil {
			t.Fatal(err)
		}
	}
}

func durable(t *testing.T, s *store.Session, seq int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.Out.WaitCovered(ctx, seq); err != nil {
		t.Fatal(err)
	}
}

func next(s *store.Session) int {
	return s.Out.Next()
}

// texts returns the numbers and texts of the messages in a range. If the last ones are missing, it says how many.
func texts(t *testing.T, s *store.Session, begin, end int) []string {
	t.Helper()
	got := []string{}
	err := s.Kept.Replay(begin, end, func(msg []byte) error {
		got = append(got, strings.TrimPrefix(string(msg), "8 "))
		return nil
	}, func(last int) error {
		if last < end {
			got = append(got, fmt.Sprint("missing ", end-last))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWhatWasCoveredIsThereAfterARestart(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	last := 0
	for i := range 100 {
		last = send(t, s, fmt.Sprint("m", i), nil)
	}
	receive(t, s, 7)
	durable(t, s, last)
	stop()

	again, _ := open(t, pool)
	if in, out := again.Numbers(); in != 8 || out != 101 {
		t.Errorf("next in %d, out %d, want 8 and 101", in, out)
	}
	if diff := cmp.Diff([]string{"99 m98", "100 m99"}, texts(t, again, 99, 100)); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsCoveredBeforeItsCommit(t *testing.T) {
	s := store.New(database(t), name, split, testkit.Log(t))
	if err := s.Open(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	seq := send(t, s, "first", nil)
	if s.Out.Covered(seq) {
		t.Fatal("covered, although no writer runs")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.Out.WaitAll(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("all is durable, although no writer runs: %v", err)
	}
	run(t, s)
	if err := s.Out.WaitAll(t.Context()); err != nil || !s.Out.Covered(seq) {
		t.Errorf("waited for all: %v", err)
	}
	durable(t, s, seq)
}

// The stored number advances past confirmed messages alone, in order, however late and in whatever order the broker confirms
// them. Messages that need no broker count as confirmed.
func TestIncomingNumbersAreStoredOnceConfirmed(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	receive(t, s, 1) // 1: a logon
	for _, seq := range []int{2, 3, 4} {
		s.In.AwaitConfirm(seq)
		receive(t, s, 1)
	}
	receive(t, s, 1) // 5: a heartbeat
	_, generation, _ := s.Entry()
	for _, step := range []struct {
		confirm, want int
	}{{0, 2}, {3, 2}, {2, 4}, {4, 6}} {
		s.In.Confirm(generation, step.confirm)
		testkit.Eventually(t, fmt.Sprint("after ", step.confirm), 20*time.Second, func() error {
			return expectStored(t, pool, step.want)
		})
	}
	s.In.Confirm(generation, 4) // again
	s.In.Confirm(generation+1, 9)
	if in, _ := s.Numbers(); in != 6 {
		t.Errorf("next in %d", in)
	}
}

func expectStored(t *testing.T, pool *pgxpool.Pool, want int) error {
	var got int
	if err := pool.QueryRow(t.Context(), "select next_in from session").Scan(&got); err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("stored %d, want %d", got, want)
	}
	return nil
}

func TestAPendingAnswerAndItsRequestAreStoredTogether(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	_, generation, _ := s.Entry()
	s.In.AwaitConfirm(1)
	receive(t, s, 1)
	durable(t, s, send(t, s, "pending", &store.Cause{Confirms: 1, Generation: generation}))
	if err := expectStored(t, pool, 2); err != nil {
		t.Error(err)
	}
	stop()
}

func TestAnEventAndItsAnswerAreStoredWithTheMessage(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	told, trade, other := event.NewID(testkit.Day, "told"), event.NewID(testkit.Day, "trade"), event.NewID(testkit.Day, "other")
	look := func(s *store.Session) {
		t.Helper()
		answered, err := s.Kept.Answered(t.Context(), []string{told, other, "none"})
		if diff := cmp.Diff(map[string]bool{told: true}, answered); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		answers, err := s.Kept.Answers(t.Context(), []string{trade, other})
		want := map[string]store.Answer{trade: {Kind: "8", Body: []byte("final")}}
		if diff := cmp.Diff(want, answers); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
	causes := []*store.Cause{{Event: told, Correlation: trade}}
	seq := send(t, s, "final", causes[0])
	look(s) // it may not be stored yet
	if err := s.Out.Wait(t.Context(), causes); err != nil || !s.Out.Covered(seq) {
		t.Fatal(err)
	}
	send(t, s, "another final", &store.Cause{Event: other + "x"[:0], Correlation: trade})
	stop()
	again, _ := open(t, pool)
	if answered, _ := again.Kept.Answered(t.Context(), []string{told}); !answered[told] {
		t.Error("the event was forgotten")
	}
	answers, _ := again.Kept.Answers(t.Context(), []string{trade})
	if got := string(answers[trade].Body); got != "final" {
		t.Errorf("the answer is now %q", got)
	}
}

func TestAnOlderEpochWritesNothing(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	durable(t, s, send(t, s, "mine", nil))
	if _, err := pool.Exec(t.Context(), "update session set epoch = 2"); err != nil {
		t.Fatal(err)
	}
	seq := send(t, s, "too late", nil)
	if err := s.Out.WaitCovered(t.Context(), seq); !errors.Is(err, store.ErrFenced) {
		t.Errorf("error %v", err)
	}
	if err := s.Out.Append(seq+1, message(seq+1, "later")); !errors.Is(err, store.ErrFenced) {
		t.Errorf("error %v", err)
	}
	if s.Out.Covered(seq) || s.Check() == nil {
		t.Error("goes on as if nothing had happened")
	}
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from message").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d messages, error %v", rows, err)
	}
	if err := store.New(pool, name, split, testkit.Log(t)).Open(t.Context(), 1); !errors.Is(err, store.ErrFenced) {
		t.Errorf("error %v", err)
	}
}

// After a reset the numbers are used again: neither an old message nor a new one may go on the other's account.
func TestResetBeginsAgain(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	for i := range 5 {
		durable(t, s, send(t, s, fmt.Sprint("old", i), nil))
	}
	s.In.AwaitConfirm(1)
	receive(t, s, 1)
	_, old, created := s.Entry()
	stop() // no writer: what follows is not stored yet
	if err := s.Begin(); err != nil {
		t.Fatal(err)
	}
	for _, seq := range []int{1, 5} {
		if s.Out.Covered(seq) {
			t.Errorf("%d is covered before the reset is stored", seq)
		}
	}
	seq := send(t, s, "new", nil)
	s.In.Confirm(old, 1) // of a generation that has ended
	if _, generation, now := s.Entry(); generation != old+1 || !now.After(created) {
		t.Errorf("generation %d since %s", generation, now)
	}
	run(t, s)
	durable(t, s, seq)
	durable(t, s, 5) // an old one that is still on its way out
	if diff := cmp.Diff([]string{"1 new"}, texts(t, s, 1, 10)[:1]); diff != "" {
		t.Error(diff)
	}
	if err := store.PurgeOnce(t.Context(), pool, keepAll); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from message").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d messages left, error %v", rows, err)
	}
}

var keepAll = store.Retention{Messages: time.Hour, Answers: time.Hour, Inbox: time.Hour}

func TestResendReadsWhatIsStoredAndWhatIsNotYet(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	want := []string{}
	for i := range 1_200 {
		want = append(want, fmt.Sprintf("%d m%d", send(t, s, fmt.Sprint("m", i), nil), i))
	}
	durable(t, s, 1_200)
	stop()
	for i := 1_200; i < 1_210; i++ {
		want = append(want, fmt.Sprintf("%d m%d", send(t, s, fmt.Sprint("m", i), nil), i))
	}
	for _, r := range [][2]int{{1, 1_210}, {1, 1}, {1_195, 1_205}, {1_205, 1_210}, {600, 1_150}} {
		if diff := cmp.Diff(want[r[0]-1:r[1]], texts(t, s, r[0], r[1])); diff != "" {
			t.Errorf("%v: %s", r, diff)
		}
	}
	if got := texts(t, s, 1_211, 1_210); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	if _, err := pool.Exec(t.Context(), "update message set at = now() - interval '2 hours' where seq < 1000"); err != nil {
		t.Fatal(err)
	}
	if err := store.PurgeOnce(t.Context(), pool, keepAll); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"missing 900"}, texts(t, s, 1, 900)); diff != "" {
		t.Errorf("the far past: %s", diff)
	}
	if diff := cmp.Diff(want[999:1_001], texts(t, s, 900, 1_001)); diff != "" {
		t.Error(diff)
	}
}

func TestALogonThatIsRefusedIsNotCounted(t *testing.T) {
	s, _ := open(t, database(t))
	s.In.Uncount()
	receive(t, s, 1)
	receive(t, s, 1)
	if in, _ := s.Numbers(); in != 2 {
		t.Errorf("next in %d, want 2", in)
	}
}

// proxied is a database behind a proxy.
func proxied(t *testing.T) (*testkit.Proxy, *pgxpool.Pool) {
	t.Helper()
	proxy, address := testkit.Through(t, testkit.PostgresURL(t))
	pool := testkit.PostgresAt(t, address)
	postgrestest.Update(t, pool, store.Migrations)
	return proxy, pool
}

// A caller that waits for a Postgres without an answer holds the broker's deliveries. Once the session is lost the wait must end,
// because the next holder waits for these deliveries.
func TestNobodyWaitsForPostgresOnceTheSessionIsLost(t *testing.T) {
	proxy, pool := proxied(t)
	s, stop := open(t, pool)
	durable(t, s, send(t, s, "before", nil))
	proxy.Mute()
	send(t, s, "hangs", nil)
	looked := make(chan error, 1)
	go func() {
		_, err := s.Kept.Answered(t.Context(), []string{"00000000-0000-4000-8000-000000000001"})
		looked <- err
	}()
	s.Abandon()
	if err := <-looked; !errors.Is(err, store.ErrFenced) {
		t.Errorf("looked up: %v", err)
	}
	stop()
	proxy.Heal()
}

// What the writer was trying to write when the session was abandoned is not written, however long the writer still runs.
func TestAnAbandonedSessionStopsTrying(t *testing.T) {
	proxy, pool := proxied(t)
	s, stop := open(t, pool)
	durable(t, s, send(t, s, "before", nil))
	proxy.Cut()
	send(t, s, "after", nil)
	testkit.Eventually(t, "the failure to be noticed", 20*time.Second, func() error {
		if s.Check() == nil {
			return errors.New("all is well")
		}
		return nil
	})
	s.Abandon()
	proxy.Heal()
	stop()
	var stored int
	if err := pool.QueryRow(t.Context(), "select count(*) from message").Scan(&stored); err != nil || stored != 1 {
		t.Errorf("%d messages are stored, %v", stored, err)
	}
}

// While Postgres is away the session accepts messages, and none is covered. Afterwards all are stored, in order and once.
func TestPostgresAway(t *testing.T) {
	proxy, pool := proxied(t)
	s, stop := open(t, pool)
	durable(t, s, send(t, s, "before", nil))
	proxy.Cut()
	var last int
	for i := range 50 {
		last = send(t, s, fmt.Sprint("m", i), nil)
	}
	testkit.Eventually(t, "the failure to be noticed", 20*time.Second, func() error {
		if s.Check() == nil {
			return errors.New("all is well")
		}
		return nil
	})
	if s.Out.Covered(last) {
		t.Error("covered without Postgres")
	}
	proxy.Heal()
	durable(t, s, last)
	if s.Check() != nil {
		t.Error(s.Check())
	}
	if got := texts(t, s, 1, last); len(got) != 51 || got[50] != fmt.Sprintf("%d m49", last) {
		t.Errorf("%d messages, last %s", len(got), got[len(got)-1])
	}
	stop()
}

func BenchmarkGroupCommit(b *testing.B) {
	pool := postgrestest.Schema(b, store.Migrations)
	s := store.New(pool, name, split, testkit.Log(b))
	if err := s.Open(b.Context(), 1); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() { _ = s.Run(ctx) }()
	body := message(1, strings.Repeat("x", 300))
	seq := 0
	for b.Loop() {
		seq++
		cause := &store.Cause{Event: event.NewID(testkit.Day, "e", fmt.Sprint(seq)), Correlation: event.NewID(testkit.Day, "c", fmt.Sprint(seq))}
		_ = cause.Check()
		s.Out.Attach(cause)
		for s.Out.Append(seq, body) != nil {
			_ = s.Out.WaitCovered(ctx, seq-1)
			s.Out.Attach(cause)
		}
	}
	_ = s.Out.WaitCovered(ctx, seq)
}
