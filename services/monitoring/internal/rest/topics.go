package rest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"fxcore/services/monitoring/internal/changes"
)

func (i *Interface) queues(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"at": i.Now().UTC(), "items": i.Queues.All(i.Samples())})
}

// Pace follows the pace of all queues until ctx ends. It returns nil.
func (i *Interface) Pace(ctx context.Context) error {
	each := time.NewTicker(paceEach)
	defer each.Stop()
	for {
		i.Queues.Look(i.View.All())
		select {
		case <-ctx.Done():
			return nil
		case <-each.C:
		}
	}
}

// paceEach is the interval of the reports by which the pace is known.
const paceEach = 5 * time.Second

// Topics returns how to see that something has changed. errors is that of the error queue. Sessions and jobs are followed by what their
// programs report of them: whoever hears of a change reads the rest from the service that has it.
func (i *Interface) Topics(errors changes.Look) map[string]changes.Look {
	return map[string]changes.Look{
		"alerts":   i.lookAtAlerts,
		"errors":   errors,
		"health":   func(context.Context) (any, error) { return i.lookAtHealth(), nil },
		"queues":   i.lookAtSamples("fx_queue_messages", "fx_queue_consumers"),
		"sessions": i.lookAtSamples("fx_session_active", "fx_session_logged_on"),
		"jobs":     i.lookAtSamples("fx_job_done", "fx_job_failed", "fx_job_planned"),
	}
}

func (i *Interface) lookAtAlerts(ctx context.Context) (any, error) {
	found, fromMemory := i.fires(ctx)
	seen := []string{fmt.Sprint(fromMemory)}
	for _, a := range found {
		seen = append(seen, fmt.Sprint(a.Key, a.Since.UnixNano(), a.Acknowledged.At.UnixNano()))
	}
	slices.Sort(seen)
	return seen, nil
}

func (i *Interface) lookAtHealth() (seen []string) {
	now := i.Now()
	for _, one := range i.View.All() {
		seen = append(seen, fmt.Sprint(one.Instance, state(one, now), one.Since.UnixNano(), one.Reasons, one.Warnings))
	}
	return seen
}

func (i *Interface) lookAtSamples(names ...string) changes.Look {
	return func(context.Context) (any, error) {
		var seen []string
		for _, s := range i.Samples() {
			if slices.Contains(names, s.Name) {
				seen = append(seen, s.String()+fmt.Sprint(s.Value))
			}
		}
		slices.Sort(seen)
		return strings.Join(seen, "\n"), nil
	}
}
