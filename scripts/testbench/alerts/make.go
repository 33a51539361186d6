package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
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
	aim            time.Duration
	fired, cleared time.Duration
	also           []string
	err            error
	mended         time.Time
}

// make makes the causes whose name has the word. If it is to be brief, it does not wait for alerts that count what happened within ten minutes.
func (c *core) make(ctx context.Context, only string, brief bool) int {
	_, still, err := c.told.calm(ctx, settle)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "alerts: monitoring does not tell what fires:", err)
		return 2
	}
	sayStill(os.Stderr, still)
	var results []*result
	for _, group := range causes() {
		if ctx.Err() == nil {
			firing, _ := c.told.firing(ctx) // who does not answer now is asked again when the causes are made
			results = append(results, c.together(ctx, silent(os.Stdout, c.possible(group, only), firing))...)
		}
	}
	for _, r := range results {
		if c.told.lasting[r.key] && r.err == nil && !brief {
			c.clears(ctx, r)
		}
	}
	return table(os.Stdout, results)
}

// together makes the causes of a group at the same time, and waits until nothing fires but what lasts, or what nobody made here.
func (c *core) together(ctx context.Context, group []cause) (results []*result) {
	var keys []string
	for _, one := range group {
		keys = append(keys, one.keys...)
		for _, key := range one.keys {
			if one.lasts {
				c.told.lasting[key] = true
			}
		}
	}
	all := make([][]*result, len(group))
	var running sync.WaitGroup
	for n, one := range group {
		running.Go(func() { all[n] = c.play(ctx, one) })
	}
	running.Wait()
	results = slices.Concat(all...)
	rest, still, err := c.told.calm(ctx, clearBound)
	sayStill(os.Stderr, still)
	if len(results) > 0 {
		results[0].also = append(results[0].also, rest...)
		results[0].err = errors.Join(results[0].err, err)
	}
	for _, r := range results {
		slices.Sort(r.also)
		r.also = slices.DeleteFunc(slices.Compact(r.also), func(key string) bool {
			return slices.ContainsFunc(keys, func(k string) bool { return is(k, key) }) || c.told.lasting[key]
		})
	}
	return results
}

// play makes a cause, waits for its alerts, mends it, and waits until those have cleared that do not last.
func (c *core) play(ctx context.Context, one cause) (results []*result) {
	_, _ = fmt.Println("made:", one.name)
	mend, err := one.make(ctx, c)
	if errors.Is(err, errLeftOut) {
		_, _ = fmt.Printf("%v: %s\n", err, one.name)
		return nil
	}
	began := time.Now()
	for _, key := range one.keys {
		results = append(results, &result{cause: one.name, key: key, aim: fireAim + one.waits, err: err})
	}
	if err == nil {
		each(results, func(r *result) {
			r.also, r.err = c.told.until(ctx, fireBound+one.waits, func(firing map[string]string) bool { return fires(firing, r.key) })
			r.fired = time.Since(began)
		})
	}
	if mend == nil {
		return results
	}
	mended := mend(context.WithoutCancel(ctx))
	now := time.Now()
	each(results, func(r *result) {
		r.mended, r.err = now, errors.Join(r.err, mended)
		if !one.lasts {
			c.clears(ctx, r)
		}
	})
	return results
}

// each does something for all results at the same time.
func each(results []*result, do func(*result)) {
	var all sync.WaitGroup
	for _, r := range results {
		all.Go(func() { do(r) })
	}
	all.Wait()
}

// clears waits until the alert of a result has cleared.
func (c *core) clears(ctx context.Context, r *result) {
	also, err := c.told.until(ctx, clearBound, func(firing map[string]string) bool { return !fires(firing, r.key) })
	r.cleared, r.err, r.also = time.Since(r.mended), errors.Join(r.err, err), append(r.also, also...)
}

// table writes what the alerts did, as Markdown. It returns 1 if one of them did not do what it must.
func table(out io.Writer, results []*result) (code int) {
	_, _ = fmt.Fprintln(out, "\n| cause | alert | fires after | clears after | fires too |\n| --- | --- | --- | --- | --- |")
	for _, r := range results {
		said := fmt.Sprintf("%.0f s | ", r.fired.Seconds())
		if r.cleared > 0 {
			said += fmt.Sprintf("%.0f s", r.cleared.Seconds())
		}
		if r.err != nil || r.fired > r.aim {
			code = 1
		}
		if r.err != nil {
			said = fmt.Sprintf("**%v** | ", r.err)
		}
		_, _ = fmt.Fprintf(out, "| %s | `%s` | %s | %s |\n", r.cause, r.key, said, strings.Join(r.also, ", "))
	}
	return code
}
