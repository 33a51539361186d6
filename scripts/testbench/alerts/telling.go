package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"
)

// How often and how long monitoring is asked.
const (
	askEvery = 500 * time.Millisecond
	askBound = 5 * time.Second
)

// telling asks monitoring what fires.
type telling struct {
	addresses func() []string
	lasting   map[string]bool // alerts that clear later, or were not made here: calm does not wait for them
}

// firing returns the texts of the alerts that fire, by key. The first replica that answers counts.
func (t *telling) firing(ctx context.Context) (map[string]string, error) {
	err := errors.New("no replica of monitoring runs")
	for _, address := range t.addresses() {
		var found map[string]string
		if found, err = ask(ctx, address); err == nil {
			return found, nil
		}
	}
	return nil, err
}

func ask(ctx context.Context, address string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/v1/alerts?state=firing", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask monitoring: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask monitoring: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Items []struct{ Key, Text string } `json:"items"`
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask monitoring: it answers %s", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("ask monitoring: %w", err)
	}
	found := map[string]string{}
	for _, a := range answer.Items {
		found[a.Key] = a.Text
	}
	return found, nil
}

// until asks until done is content with what fires. It returns all keys that fired meanwhile.
func (t *telling) until(ctx context.Context, bound time.Duration, done func(firing map[string]string) bool) (seen []string, err error) {
	began, all := time.Now(), map[string]bool{}
	defer func() { seen = slices.Sorted(maps.Keys(all)) }()
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		firing, asked := t.firing(ctx)
		for key := range firing {
			all[key] = true
		}
		if asked == nil && done(firing) {
			return seen, nil
		}
		if time.Since(began) > bound {
			return seen, errors.Join(fmt.Errorf("not within %s", bound), asked)
		}
		select {
		case <-ctx.Done():
			return seen, ctx.Err()
		case <-tick.C:
		}
	}
}

// calm waits until nothing fires but what lasts. It returns all keys that fired meanwhile, and those that still fire when the bound is over, with
// their texts: these last from now on, so that nobody waits for them twice.
func (t *telling) calm(ctx context.Context, bound time.Duration) (seen []string, still map[string]string, err error) {
	seen, err = t.until(ctx, bound, func(firing map[string]string) bool {
		still = maps.Clone(firing)
		maps.DeleteFunc(still, func(key, _ string) bool { return t.lasting[key] })
		return len(still) == 0
	})
	if len(still) == 0 || ctx.Err() != nil {
		return seen, nil, err
	}
	for key := range still {
		t.lasting[key] = true
	}
	return seen, still, nil
}

// sayStill names the alerts that go on firing though nobody here has made their cause, or it is mended.
func sayStill(out io.Writer, still map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(still)) {
		_, _ = fmt.Fprintf(out, "still fires, and is left alone: %s: %s\n", key, still[key])
	}
}
