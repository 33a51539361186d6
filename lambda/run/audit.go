package run

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/audit"
	"fxcore/lambda/event"
)

// The type and the exchange of what programs note for the audit. No other message goes to this exchange.
var auditNoted = event.Type{Name: "audit.noted", Version: 1}

const (
	auditExchange = "fx.audit"
	auditBound    = time.Second // for the last notes of a program that stops
)

func auditing(t amqp.Topology) amqp.Topology {
	p := amqp.Sampled(samples, auditExchange, auditNoted, "Something happened to security that no other message tells: a logon, a refusal, secrets that were read.").From(reportOrigin)
	t.Publishes = append(t.Publishes[:len(t.Publishes):len(t.Publishes)], p)
	return t
}

// audits publishes what the program notes for the audit, in one message at a time.
type audits struct {
	trail   *audit.Trail
	publish func(ctx context.Context, events ...event.Event) error
	source  string
	boot    string // tells this process from those before it
	number  int
}

// audit sends the program's notes to the broker while it runs.
func (a *App) audit(bus *amqp.Bus) {
	a.Health.Gauge("audit.held", func() int64 { return int64(a.Audit.Held()) })
	a.Health.Gauge("audit.dropped", a.Audit.Lost)
	a.Health.Measure("fx_audit_dropped_total", func() float64 { return float64(a.Audit.Lost()) })
	a.Health.Warn("audit", a.Audit.Concern)
	bus.OnRefused(func(queue, key, publisher string, err error) {
		a.Audit.Stranger(audit.Note{What: "message.refused", Outcome: audit.Refused, Who: publisher, About: key + " in " + queue, Why: err.Error()})
	})
	a.Audit.Note(audit.Note{What: "secrets.read", Outcome: audit.Done, Who: a.Source, About: strings.Join(secretFiles(os.Environ()), ", "), Why: "the program starts"})
	s := &audits{trail: a.Audit, publish: bus.Publish, source: a.Source, boot: strconv.FormatInt(time.Now().UnixNano(), 36)}
	a.Go("audit", func(ctx context.Context) error {
		s.send(ctx)
		a.Audit.Close()
		rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditBound)
		defer cancel()
		for a.Audit.Held() > 0 && s.batch(rest) == nil {
		}
		return nil
	})
}

// send publishes until ctx ends. bus.Publish waits while the broker is away.
func (s *audits) send(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.batch(ctx); err != nil && ctx.Err() == nil {
			_ = wait(ctx, time.Second)
		}
	}
}

// batch publishes the oldest notes. After an error the same notes come again, with the same ids.
func (s *audits) batch(ctx context.Context) error {
	entries := s.trail.Next(ctx)
	if len(entries) == 0 {
		return ctx.Err()
	}
	events := make([]event.Event, len(entries))
	for i, one := range entries {
		id := event.NewID(event.DayOf(one.At), "audit", s.source, s.boot, strconv.Itoa(s.number+i))
		e, err := event.New(auditNoted, id, reportOrigin, id, one)
		if err != nil {
			return err // texts, numbers and times are always encoded
		}
		e.Time, e.Source = one.At, s.source
		events[i] = e
	}
	if err := s.publish(ctx, events...); err != nil {
		return err
	}
	s.number += len(entries)
	s.trail.Sent(len(entries))
	return nil
}

// secretFiles returns the names of the settings that come from files. All secrets do.
func secretFiles(environment []string) (names []string) {
	for _, one := range environment {
		name, _, _ := strings.Cut(one, "=")
		if setting, file := strings.CutSuffix(name, "_FILE"); file {
			names = append(names, setting)
		}
	}
	slices.Sort(names)
	return names
}

// wait returns nil after a while, or ctx's error.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
