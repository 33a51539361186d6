package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// How long an alert may take here. The aim of the rules is half a minute; a look and this program's questions come on top.
const (
	fireAim    = 35 * time.Second
	fireBound  = 90 * time.Second
	clearBound = 12 * time.Minute // what counts within ten minutes
)

// result is what one alert did.
type result struct {
	cause, key     string
	fired, cleared time.Duration
	also           []string
	err            error
}

func (c *core) make(ctx context.Context, only string) int {
	if seen, err := c.told.calm(ctx, settle); err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "alerts: the core is not calm, %v fire: %v\n", seen, err)
		return 2
	}
	var results []result
	for _, one := range causes() {
		if !strings.Contains(strings.ToLower(one.name), strings.ToLower(only)) || ctx.Err() != nil {
			continue
		}
		if one.needs != "" && !c.has(one.needs) {
			_, _ = fmt.Printf("left out, %s does not run here: %s\n", one.needs, one.name)
			continue
		}
		_, _ = fmt.Println(one.name)
		results = append(results, c.play(ctx, one)...)
	}
	return table(os.Stdout, results)
}

// play makes a cause, waits for its alerts, mends it, and waits until nothing fires.
func (c *core) play(ctx context.Context, one cause) []result {
	results := make([]result, 0, len(one.keys))
	mend, err := one.make(ctx, c)
	began := time.Now()
	var seen []string
	for _, key := range one.keys {
		r := result{cause: one.name, key: key, err: err}
		if err == nil {
			var also []string
			also, r.err = c.told.until(ctx, fireBound, func(firing map[string]string) bool { _, fires := firing[key]; return fires })
			r.fired, seen = time.Since(began), append(seen, also...)
		}
		results = append(results, r)
	}
	if mend == nil {
		return results
	}
	mended, began := mend(context.WithoutCancel(ctx)), time.Now()
	for n := range results {
		r := &results[n]
		also, err := c.told.until(ctx, clearBound, func(firing map[string]string) bool { _, fires := firing[r.key]; return !fires })
		r.cleared, seen = time.Since(began), append(seen, also...)
		if r.err == nil {
			r.err = err
		}
		if r.err == nil {
			r.err = mended
		}
	}
	rest, err := c.told.calm(ctx, clearBound)
	seen = append(seen, rest...)
	slices.Sort(seen)
	for _, key := range slices.Compact(seen) {
		if !slices.Contains(one.keys, key) {
			results[0].also = append(results[0].also, key)
		}
	}
	if results[0].err == nil && err != nil {
		results[0].err = fmt.Errorf("what else fired has not cleared: %w", err)
	}
	return results
}

// table writes what the alerts did, as Markdown. It returns 1 if one of them did not do what it must.
func table(out io.Writer, results []result) (code int) {
	_, _ = fmt.Fprintln(out, "\n| cause | alert | fires after | clears after | fires too |\n| --- | --- | --- | --- | --- |")
	for _, r := range results {
		said := fmt.Sprintf("%.0f s | %.0f s", r.fired.Seconds(), r.cleared.Seconds())
		if r.err != nil || r.fired > fireAim {
			code = 1
		}
		if r.err != nil {
			said = fmt.Sprintf("**%v** | ", r.err)
		}
		_, _ = fmt.Fprintf(out, "| %s | `%s` | %s | %s |\n", r.cause, r.key, said, strings.Join(r.also, ", "))
	}
	return code
}

// discard gives up all entries of the error queue, as a person would after reading them.
func (c *core) discard(ctx context.Context) error {
	out, err := c.fxctl(ctx, "errors", "list", "--json")
	if err != nil {
		return err
	}
	var list struct {
		Items []struct {
			ID    string `json:"id"`
			State string `json:"state"`
		} `json:"items"`
	}
	if err := json.Unmarshal(out, &list); err != nil {
		return fmt.Errorf("read the error queue: %w", err)
	}
	for _, e := range list.Items {
		if e.State == "open" {
			if _, err := c.fxctl(ctx, "errors", "discard", e.ID, "--reason", "made by a test of alerts"); err != nil {
				return err
			}
		}
	}
	return nil
}
