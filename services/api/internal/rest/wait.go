package rest

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
)

// longest bounds how long a request waits for its outcome.
const longest = 30 * time.Second

var preference = regexp.MustCompile(`(?i)(?:^|[,;\s])wait\s*=\s*"?([0-9]{1,4})`)

// wait returns how long the caller wants to wait (RFC 7240); 0 if it does not.
func wait(prefer string) time.Duration {
	found := preference.FindStringSubmatch(prefer)
	if found == nil {
		return 0
	}
	seconds, _ := strconv.Atoi(found[1]) // at most four digits
	return min(time.Duration(seconds)*time.Second, longest)
}

func applied(patience time.Duration) string { return "wait=" + strconv.Itoa(int(patience.Seconds())) }

// publishAndWait publishes the request unless it was, waits until the trade is decided or patience ends, and returns the trade.
func (c Core) publishAndWait(ctx context.Context, a store.Asked, patience time.Duration) (*blotter.Facts, error) {
	changed, stop, err := c.follow(ctx, a.TradeID, patience)
	if err != nil {
		return nil, err
	}
	defer stop()
	if err := c.publish(ctx, a); err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		facts, err := c.Model.Get(ctx, a.TradeID)
		if err != nil || facts.State() != blotter.Pending || patience == 0 {
			return facts, err
		}
		select {
		case <-changed:
		case <-waiting.Done():
			return facts, ctx.Err()
		}
	}
}

func (c Core) follow(ctx context.Context, trade string, patience time.Duration) (<-chan struct{}, func(), error) {
	if patience == 0 {
		return nil, func() {}, nil
	}
	return c.Watch.Follow(ctx, trade)
}

// publish hands the event to the broker. An event that was handed over twice has one id, so the core handles it once.
func (c Core) publish(ctx context.Context, a store.Asked) error {
	if a.Published {
		return nil
	}
	if err := c.Publish(ctx, a.Event); err != nil {
		return err
	}
	return c.Model.Published(ctx, a)
}
