package oracle_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// looks returns a collector that answers with one piece of evidence after the other, and then with the last for ever.
func looks(counted *int, all ...oracle.Evidence) func(context.Context) (oracle.Evidence, error) {
	return func(context.Context) (oracle.Evidence, error) {
		e := all[min(*counted, len(all)-1)]
		*counted++
		return e, nil
	}
}

func TestSettleWaitsForWhatTimeHeals(t *testing.T) {
	waiting, n := sound(), 0
	waiting.Queues[0].Messages = 3
	found, err := oracle.Settle(t.Context(), looks(&n, waiting, sound()), oracle.Rules()...)
	if err != nil || len(found) > 0 || n != 2 {
		t.Errorf("%v, %v after %d looks", found, err, n)
	}
}

func TestSettleDoesNotWaitForWhatTimeCannotHeal(t *testing.T) {
	doubled, n := sound(), 0
	doubled.Bookings = append(doubled.Bookings, doubled.Bookings[0])
	found, err := oracle.Settle(t.Context(), looks(&n, doubled, sound()), oracle.Rules()...)
	if err != nil || len(found) != 1 || n != 1 {
		t.Errorf("%v, %v after %d looks", found, err, n)
	}
}

func TestSettleGivesUpWithItsContextAndTellsWhatIsLeft(t *testing.T) {
	waiting, n := sound(), 0
	waiting.Queues[0].Messages = 3
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	found, err := oracle.Settle(ctx, looks(&n, waiting), oracle.Rules()...)
	if err != nil || len(found) != 1 || found[0].Rule != "queues empty" {
		t.Errorf("%v, %v", found, err)
	}
}

// A judgement is not lost because the context ends during the next look.
func TestSettleTellsWhatIsLeftIfItsContextEndsWhileItLooks(t *testing.T) {
	waiting := sound()
	waiting.Queues[0].Messages = 3
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	looked := false
	found, err := oracle.Settle(ctx, func(context.Context) (oracle.Evidence, error) {
		if looked {
			cancel()
			return oracle.Evidence{}, context.Canceled
		}
		looked = true
		return waiting, nil
	}, oracle.Rules()...)
	if err != nil || len(found) != 1 || found[0].Rule != "queues empty" {
		t.Errorf("%v, %v", found, err)
	}
}

func TestSettleTellsThatItCannotLook(t *testing.T) {
	gone := errors.New("gone")
	_, err := oracle.Settle(t.Context(), func(context.Context) (oracle.Evidence, error) { return oracle.Evidence{}, gone }, oracle.Rules()...)
	if !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
}
