package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/monitoring/internal/failed"
	"fxcore/services/monitoring/internal/failed/desk"
	"fxcore/services/monitoring/internal/failed/store"
)

// Whatever fails is one entry each, with two replicas; two people who replay at once replay it once.
func TestWhatFailedIsReplayedOnce(t *testing.T) {
	b := setUp(t)
	const n = 200
	b.fail(n)
	b.service.mend()
	ids := b.ids()
	var people sync.WaitGroup
	replayed := make([]int, 2)
	for i, d := range b.desks {
		people.Go(func() {
			got, err := d.Store.ResolveAll(t.Context(), ids, "", asked)
			replayed[i] = got
			if err = errors.Join(err, d.Round(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	people.Wait()
	b.become(failed.Replayed, n)
	testkit.Eventually(t, "all to be handled", patience, func() error {
		if messages, most := b.service.times(); messages != n || most != 1 {
			return fmt.Errorf("%d messages, at most %d times", messages, most)
		}
		return nil
	})
	if replayed[0]+replayed[1] != n || b.number("select count(*) from failed_history where what = 'replayed' and told") != n {
		t.Errorf("%v were replayed, %d are told", replayed, b.number("select count(*) from failed_history where told and what = 'replayed'"))
	}
}

// A replica that is killed after the broker has the message leaves the entry to another, which ends it: the audit has it once. The queue's
// consumer gets the same id again.
func TestAKilledReplicasReplayIsEndedByAnother(t *testing.T) {
	b := setUp(t)
	b.fail(1)
	b.service.mend()
	killed := *b.desks[0]
	killed.Bus = dying{killed.Bus}
	entry, _, err := killed.Store.Get(t.Context(), b.ids()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := killed.Store.Resolve(t.Context(), entry.ID, entry.Version, nil, asked); err != nil {
		t.Fatal(err)
	}
	if err := killed.Round(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if err := b.desks[1].Round(t.Context()); err != nil { // not while the other may still live
		t.Fatal(err)
	}
	b.become(failed.Replaying, 1)
	if _, err := b.pool.Exec(t.Context(), "update failed_message set claimed_until = now() - interval '1 s'"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.desks[1].Round(t.Context()), b.desks[0].Round(t.Context())); err != nil {
		t.Fatal(err)
	}
	b.become(failed.Replayed, 1)
	if n := b.number("select count(*) from failed_history where what = 'replayed'"); n != 1 {
		t.Errorf("the audit has %d replays", n)
	}
	testkit.Eventually(t, "the message to be handled", patience, func() error {
		if messages, _ := b.service.times(); messages != 1 {
			return fmt.Errorf("%d messages", messages)
		}
		return nil
	})
}

// What fails again after its replay is open again, with both failures in its history.
func TestWhatFailsAgainIsOpenAgain(t *testing.T) {
	b := setUp(t)
	b.fail(1)
	id := b.ids()[0]
	if _, err := b.desks[0].Store.ResolveAll(t.Context(), []string{id}, "", asked); err != nil {
		t.Fatal(err)
	}
	if err := b.desks[0].Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "the second failure", patience, func() error {
		m, steps, err := b.desks[0].Store.Get(t.Context(), id)
		if err == nil && (m.State != failed.Open || m.Failures != 2 || len(steps) != 4) {
			err = fmt.Errorf("%+v %+v", m.Entry, steps)
		}
		return err
	})
	if n := b.number("select count(*) from failed_history where what = 'replayed'"); n != 1 {
		t.Errorf("the audit has %d replays", n)
	}
}

// A queue that is gone takes nothing: the entry is open again and says why.
func TestWithoutItsQueueAMessageStaysOpen(t *testing.T) {
	b := setUp(t)
	b.fail(1)
	if _, err := b.pool.Exec(t.Context(), "update failed_message set queue = 'gone'"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desks[0].Store.ResolveAll(t.Context(), b.ids(), "", asked); err != nil {
		t.Fatal(err)
	}
	if err := b.desks[0].Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, steps, err := b.desks[0].Store.Get(t.Context(), b.ids()[0])
	if err != nil || len(steps) != 3 || steps[2].What != "not_delivered" {
		t.Errorf("%+v, %v", steps, err)
	}
	b.become(failed.Open, 1)
}

func TestTheSamplesAreWhatIsPublished(t *testing.T) {
	for _, typ := range []event.Type{contract.ErrorReplayed, contract.ErrorDiscarded} {
		for _, p := range desk.Publications() {
			if p.Type == typ {
				sample.HasFieldsOf[desk.Resolved](t, p.Sample)
			}
		}
	}
}

// Resolved entries are forgotten after a while; open ones never.
func TestOpenEntriesAreKept(t *testing.T) {
	b := setUp(t)
	b.fail(2)
	s := b.desks[0].Store
	if _, err := s.ResolveAll(t.Context(), b.ids()[:1], "", store.Order{By: "U0013", Note: "no use", Discard: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pool.Exec(t.Context(), "update failed_message set resolved_at = resolved_at - interval '2 hours', failed_at = failed_at - interval '2 hours'"); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(context.WithoutCancel(t.Context()), time.Hour); err != nil {
		t.Fatal(err)
	}
	b.become(failed.Open, 1)
}
