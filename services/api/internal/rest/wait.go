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
	if err := c.publish(ctx, a); err != nil {
		return nil, err
	}
	if patience > 0 {
		c.await(ctx, a.TradeID, patience)
	}
	return c.Model.Get(ctx, a.TradeID)
}

// await returns once the trade is decided, or patience or ctx ends.
func (c Core) await(ctx context.Context, trade string, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	decided, stop := c.Watch.Follow(trade)
	defer stop()
	select {
	case <-decided:
	case <-ctx.Done():
	}
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
