// Package steer turns what happens into the plan's next step: reports, facts and commands in, requested moves out.
//
// The reports are the plan's clock. Every instance that lives reports once a second, and whatever becomes due by the
// passing of time needs one: an instance to move to.
package steer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
)

// requestLasts is how long a gateway may take to hear of a requested move: what it hears later is void.
const requestLasts = 5 * time.Second

// Handler is the inbox handler of both queues. Batches wait for each other, whichever replica has them.
type Handler struct{ Rules plan.Rules }

// Load locks the plan and reads all of it: it is a few rows.
func (Handler) Load(b *pgx.Batch, _ []event.Event) *plan.State {
	s := plan.NewState()
	store.QueueLoad(b, s)
	return s
}

// Decide takes in one event and requests the moves that are due then.
func (h Handler) Decide(s *plan.State, now time.Time, e event.Event) ([]event.Event, error) {
	if err := h.apply(s, now, e); err != nil {
		return nil, err
	}
	requested := s.Next(now, h.Rules, func(k plan.Key) string {
		return event.NewID(e.ID, messages.MoveRequested.Name, k.Gateway, k.Provider)
	})
	var emitted []event.Event
	for _, m := range requested {
		next, err := request(e, now, m)
		if err != nil {
			return nil, err
		}
		emitted = append(emitted, next)
	}
	return emitted, nil
}

func request(cause event.Event, now time.Time, m *plan.Move) (event.Event, error) {
	next, err := cause.Next(messages.MoveRequested, messages.Move{
		Provider: m.Key.Provider, From: m.From, To: m.To, Epoch: m.Epoch, Reason: m.Reason,
	}, m.Key.Gateway, m.Key.Provider)
	next.ID, next.Origin, next.Correlation, next.Deadline = m.ID, m.Key.Gateway, m.ID, now.Add(requestLasts)
	return next, err
}

func (h Handler) apply(s *plan.State, now time.Time, e event.Event) error {
	switch e.Type {
	case messages.InstanceReported:
		return h.report(s, now, e)
	case messages.SessionTaken, messages.SessionLeft:
		return session(s, e)
	case messages.FailoverCommanded:
		return h.command(s, now, e)
	}
	return fmt.Errorf("handle %s %s: failover does not read it", e.Type, e.ID)
}

// report takes an instance for as alive as its report is young, by the report's time: one that waited in the queue, or
// comes again, brings nobody back to life.
func (h Handler) report(s *plan.State, now time.Time, e event.Event) error {
	r, err := messages.ReadReport(e)
	if err != nil {
		return err
	}
	i := plan.Instance{
		Name: r.Instance, Gateway: e.Origin, Started: exact(r.Started), Sequence: r.Sequence, Ready: r.Ready, Reason: r.Reason,
		ReportedAt: exact(e.Time),
	}
	if i.ReportedAt.After(now) {
		i.ReportedAt = now
	}
	for _, one := range r.Sessions {
		i.Sessions = append(i.Sessions, plan.Session{
			Provider: one.Provider, Held: one.Held, Epoch: one.Epoch, LoggedOn: one.LoggedOn, Since: exact(one.Since),
		})
	}
	s.Report(i, h.Rules)
	return nil
}

func session(s *plan.State, e event.Event) error {
	one, err := messages.ReadSession(e)
	if err != nil {
		return err
	}
	k := plan.Key{Gateway: e.Origin, Provider: one.Provider}
	if e.Type == messages.SessionTaken {
		s.Taken(k, one.Instance, one.Epoch, exact(one.At))
	} else {
		s.Left(k, one.Instance, one.Epoch, exact(one.At), one.Cause)
	}
	return nil
}

// command is followed, or refused in the history; only what can not be read is an error.
func (h Handler) command(s *plan.State, now time.Time, e event.Event) error {
	c, err := messages.ReadCommand(e)
	if err != nil {
		return err
	}
	err = s.Obey(plan.Command{
		ID: e.ID, Name: c.Command, Provider: strings.TrimSpace(c.Provider), Instance: strings.TrimSpace(c.Instance), By: c.By, Why: c.Why,
	}, now, h.Rules)
	var refusal *plan.Refusal
	if errors.As(err, &refusal) {
		return nil
	}
	return err
}

// Store writes what has changed in the plan.
func (Handler) Store(b *pgx.Batch, s *plan.State) { store.QueueSave(b, s) }

// exact is as precise as the store.
func exact(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
