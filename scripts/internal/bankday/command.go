package bankday

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"fxcore/scripts/internal/apiclient"
)

// Operator is the demo's user who may end the day.
const Operator = "U0013"

const (
	endBound  = 15 * time.Minute // over a weekend, with many legs due
	lookEvery = 500 * time.Millisecond
)

// ErrNotHere means that days are not run ahead here: the core was started without CLOCK_MAY_RUN_AHEAD.
var ErrNotHere = errors.New("days are not run ahead here: start the core with CLOCK_MAY_RUN_AHEAD=true, as make up does")

// Command ends the business day and begins the next one as a person of operations does, by the core's HTTP interface. It waits until the run
// has ended, and tells of each step of the bank's clock. It needs a Bank of [Open]. Errors: ErrNotHere, and one with the run's own text.
func (b *Bank) Command(ctx context.Context, client *apiclient.Client, reason string) error {
	ctx, cancel := context.WithTimeout(ctx, endBound)
	defer cancel()
	key := http.Header{"Idempotency-Key": {"end-day-" + strconv.FormatInt(time.Now().UnixNano(), 36)}}
	answer, err := client.Do(ctx, http.MethodPost, "/v1/days", key, map[string]string{"reason": reason})
	switch {
	case err != nil:
		return err
	case answer.Status == http.StatusNotFound:
		return ErrNotHere
	case answer.Status != http.StatusAccepted:
		return fmt.Errorf("end the business day: status %d: %s", answer.Status, answer.Body)
	}
	var accepted struct {
		ID string `json:"command_id"`
	}
	if err := json.Unmarshal(answer.Body, &accepted); err != nil {
		return fmt.Errorf("end the business day: %w", err)
	}
	return b.follow(ctx, client, accepted.ID)
}

// run is what the interface says of a run of a job.
type run struct {
	State string `json:"state"`
	Error string `json:"error"`
}

// follow waits until the run of a command has ended.
func (b *Bank) follow(ctx context.Context, client *apiclient.Client, command string) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for last := (time.Time{}); ; {
		at, err := b.Look(ctx)
		if err == nil && at.Now.Sub(last) > time.Minute {
			last = at.Now
			b.say("the bank's clock: " + at.Now.Format("Mon 2006-01-02 15:04"))
		}
		r, err := runOf(ctx, client, command)
		switch {
		case err == nil && r.State == "finished":
			return nil
		case err == nil && (r.State == "failed" || r.State == "refused"):
			return fmt.Errorf("end the business day: %s: %s", r.State, r.Error)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("end the business day: the run has not ended: %w", errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}

// runOf returns the run of a command; an empty one if it has not begun.
func runOf(ctx context.Context, client *apiclient.Client, command string) (r run, err error) {
	answer, err := client.Do(ctx, http.MethodGet, "/v1/jobs?command="+command, nil, nil)
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("look at the run: status %d: %s", answer.Status, answer.Body)
	}
	var page struct{ Runs []run }
	if err == nil {
		err = json.Unmarshal(answer.Body, &page)
	}
	if err != nil || len(page.Runs) == 0 {
		return r, err
	}
	return page.Runs[0], nil
}
