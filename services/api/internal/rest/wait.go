package rest

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/store"
	"fxcore/services/web"
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

// publishAndWait publishes the request unless it was, and waits until it is decided or patience ends.
func (c Core) publishAndWait(ctx context.Context, a store.Asked, patience time.Duration) error {
	if err := c.publish(ctx, a); err != nil {
		return err
	}
	if patience > 0 {
		c.await(ctx, a.Subject, patience)
	}
	return nil
}

// await returns once the trade or the line check is decided, or patience or ctx ends.
func (c Core) await(ctx context.Context, id string, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	decided, stop := c.Watch.Follow(id)
	defer stop()
	select {
	case <-decided:
	case <-ctx.Done():
	}
}

// claim stores the request under its key, publishes it, and waits for the outcome if the caller wants that. It
// returns the id of what was asked for first under the key. The error is a Problem.
func (c Core) claim(ctx context.Context, asked store.Asked, patience time.Duration) (subject string, err error) {
	web.Follow(ctx, event.TraceID(asked.Event.Correlation))
	if patience > 0 {
		leave, err := c.waits.Enter(asked.Owner, "requests of yours that wait for their outcome")
		if err != nil {
			return "", err
		}
		defer leave()
	}
	first, err := c.Model.Claim(ctx, asked)
	if errors.Is(err, store.ErrKeyReused) {
		return "", web.NewProblem(http.StatusUnprocessableEntity, codeKeyReused, "This idempotency key came with another request before. Use a new key.")
	}
	if err == nil {
		err = c.publishAndWait(ctx, first, patience)
	}
	if err != nil {
		return "", c.away(ctx, err)
	}
	return first.Subject, nil
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
