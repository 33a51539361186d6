package run

import (
	"context"
	"embed"
	"strconv"
	"sync/atomic"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/health"
)

// How often a program reports its health, how often it looks whether its readiness has changed, how long the broker keeps a report, and how
// long a stopping program waits until the broker has its last one.
const (
	reportEvery  = 5 * time.Second
	lookEvery    = time.Second
	reportExpiry = 30 * time.Second
	lastBound    = time.Second
)

// The type, exchange and origin of the reports.
var healthReported = event.Type{Name: "health.reported", Version: 1}

const (
	reportExchange = "fx.ops"
	reportOrigin   = "operations"
)

//go:embed samples/*.json
var samples embed.FS

// reporting returns the topology with the reports.
func reporting(t amqp.Topology) amqp.Topology {
	p := amqp.Sampled(samples, reportExchange, healthReported,
		"How this instance is: every 5 s, and within a second when its readiness changes. The last report of an instance that ends says so.")
	p.Expiry = reportExpiry
	t.Publishes = append(t.Publishes[:len(t.Publishes):len(t.Publishes)], p)
	return t
}

// publisher is the part of a bus that the heartbeat needs.
type publisher interface {
	Ready() error
	PublishAsync(ctx context.Context, events []event.Event, done func(error))
}

// heartbeat reports the health of a program. Its reports take at most one place of the publisher's window: while the broker does not
// confirm one, or is away, there are no others. A missing report is what tells others that the instance is in trouble.
type heartbeat struct {
	health    *health.Health
	publisher publisher
	source    string

	number   int         // of the next report
	underWay atomic.Bool // the broker has not confirmed the last report yet
	ready    bool        // in the last report
}

// run looks once a second at the readiness, and reports, until ctx ends. Then it reports that the instance ends.
func (h *heartbeat) run(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for last := (time.Time{}); ; {
		reasons := h.health.Reasons(ctx)
		if changed := (len(reasons) == 0) != h.ready; changed || time.Since(last) >= reportEvery {
			if h.report(ctx, reasons, true, func(error) {}) {
				last = time.Now()
			}
		}
		select {
		case <-ctx.Done():
			h.sayGoodbye(context.WithoutCancel(ctx))
			return nil
		case <-look.C:
		}
	}
}

// report publishes one report and does not wait. It reports false if the broker cannot take it now. done is called when the broker has it.
func (h *heartbeat) report(ctx context.Context, reasons map[string]string, live bool, done func(error)) bool {
	if h.publisher.Ready() != nil || !h.underWay.CompareAndSwap(false, true) {
		return false
	}
	r := h.health.Report(ctx, reasons)
	r.Live, r.EverySeconds = live, int(reportEvery/time.Second)
	r.Ready = r.Ready && live
	e, err := h.event(r)
	if err != nil {
		h.underWay.Store(false)
		return false // a measure that is no number: nothing can be reported
	}
	h.ready = r.Ready
	bounded, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	h.publisher.PublishAsync(bounded, []event.Event{e}, func(err error) {
		h.underWay.Store(false)
		done(err)
	})
	return true
}

func (h *heartbeat) event(r health.Report) (event.Event, error) {
	now := time.Now().UTC()
	id := event.NewID(event.DayOf(now), "health", r.Instance, r.StartedAt.Format(time.RFC3339Nano), strconv.Itoa(h.number))
	h.number++
	e, err := event.New(healthReported, id, reportOrigin, r.Instance, r)
	e.Source, e.Time = h.source, now
	return e, err
}

// sayGoodbye waits until the broker has the last report, for at most lastBound.
func (h *heartbeat) sayGoodbye(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastBound)
	defer cancel()
	confirmed := make(chan struct{})
	if !h.report(ctx, h.health.Reasons(ctx), false, func(error) { close(confirmed) }) {
		return
	}
	select {
	case <-confirmed:
	case <-ctx.Done():
	}
}
