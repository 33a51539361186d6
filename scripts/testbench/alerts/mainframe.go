package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"fxcore/scripts/internal/operator"
)

// mainframe orders a fault of the simulator.
func mainframe(order string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		return func(ctx context.Context) error { return c.order(ctx, "well") }, c.order(ctx, order)
	}
}

func (c *core) order(ctx context.Context, what string) error {
	response, err := operator.Do(ctx, http.MethodPost, c.record.URLs["mainframe_control"], "/"+what)
	if err != nil {
		return fmt.Errorf("order the mainframe: %w", err)
	}
	return response.Body.Close()
}

// endDay is the job that ends the business day where days may be run ahead.
const endDay = "end the business day"

// stopWaiting makes the mainframe go away, starts a job that then waits for it, and stops the job.
func stopWaiting(job string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		mend := func(ctx context.Context) error {
			return errors.Join(c.order(ctx, "well"), c.startJob(ctx, job)) // the next run goes well
		}
		if err := errors.Join(c.order(ctx, "away?how=refuse&for=10m"), c.startJob(ctx, job)); err != nil {
			return mend, err
		}
		pause(ctx, 3*time.Second) // its first part is done
		_, err := c.fxctl(ctx, "jobs", "stop", job, "--reason", "made by a test of alerts")
		return mend, err
	}
}

func (c *core) startJob(ctx context.Context, job string) error {
	_, err := c.fxctl(ctx, "jobs", "start", job, "--reason", "made by a test of alerts")
	return err
}

// slowDays ends a business day, so that the trades of today fall due in the next evening, makes the mainframe slow, and has that evening come.
func slowDays(ctx context.Context, c *core) (func(context.Context) error, error) {
	if _, err := c.run(ctx, "fxcore", "day"); err != nil {
		return nil, err
	}
	mend, err := mainframe("slow?latency=15s&for=10m")(ctx, c)
	return mend, errors.Join(err, c.startJob(ctx, endDay))
}
