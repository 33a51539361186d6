package show

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
	"fxcore/services/failover/internal/view"
)

// Status is all that the plan knows, as it is now.
func (p *Page) Status(ctx context.Context) (view.Status, error) {
	s, err := store.Read(ctx, p.db)
	if err != nil {
		return view.Status{}, err
	}
	return Of(s, time.Now().UTC(), p.rules), nil
}

// Of shows a state.
func Of(s *plan.State, now time.Time, rules plan.Rules) view.Status {
	status := view.Status{Now: now, Automatic: s.Automatic, Instances: []view.Instance{}, Providers: []view.Provider{}}
	for _, name := range slices.Sorted(maps.Keys(s.Instances)) {
		status.Instances = append(status.Instances, instance(s, s.Instances[name], now, rules))
	}
	for _, k := range s.Known() {
		status.Providers = append(status.Providers, provider(s, k, now, rules))
	}
	return status
}

func instance(s *plan.State, i *plan.Instance, now time.Time, rules plan.Rules) view.Instance {
	shown := view.Instance{
		Name: i.Name, Gateway: i.Gateway, Alive: i.Alive(now, rules), Draining: i.Draining, Started: i.Started, ReportedAt: i.ReportedAt,
		Reason: i.Reason, LateMS: i.Late.Milliseconds(), LeaseMS: i.Lease.Milliseconds(),
	}
	if shown.Alive && i.Ready {
		shown.Ready, shown.ReadySince = true, i.ReadySince
	}
	for k, h := range s.Homes {
		if k.Gateway == i.Gateway && h.Instance == i.Name {
			shown.Homes++
		}
	}
	for _, one := range i.Sessions {
		if holder, _ := s.Holder(plan.Key{Gateway: i.Gateway, Provider: one.Provider}, now, rules); holder == i {
			shown.Sessions++
			if one.LoggedOn {
				shown.LoggedOn++
			}
		}
	}
	return shown
}

func provider(s *plan.State, k plan.Key, now time.Time, rules plan.Rules) view.Provider {
	shown := view.Provider{Gateway: k.Gateway, Provider: k.Provider}
	if holder, session := s.Holder(k, now, rules); holder != nil {
		shown.Instance, shown.Epoch, shown.LoggedOn, shown.Since = holder.Name, session.Epoch, session.LoggedOn, session.Since
	}
	if h := s.Homes[k]; h != nil {
		shown.Home, shown.Stay = h.Instance, h.Stay
		if h.Calm.Keeps(now) {
			shown.Kept = h.Calm.Until
		}
	}
	if m := s.Moves[k]; m != nil {
		shown.Move = &view.Move{
			ID: m.ID, From: m.From, To: m.To, Reason: m.Reason, State: string(m.State), Why: m.Why, Attempt: m.Attempt,
			RequestedAt: m.RequestedAt, LeftAt: m.LeftAt, TakenAt: m.TakenAt, LoggedOnAt: m.LoggedOnAt, AwayMS: m.Away().Milliseconds(),
		}
	}
	return shown
}

// Concerns is a health check: it warns of sessions that nobody reports, of moves that have failed and not been made up for, and of
// sessions that are lost so often that they are kept where they are.
func (p *Page) Concerns(ctx context.Context) error {
	status, err := p.Status(ctx)
	if err != nil {
		return err
	}
	var nobody, failed, kept []string
	for _, one := range status.Providers {
		if one.Instance == "" {
			nobody = append(nobody, one.Provider)
		}
		if one.Move != nil && one.Move.State == string(plan.Failed) && one.Instance != one.Move.To {
			failed = append(failed, one.Provider+" to "+one.Move.To)
		}
		if !one.Kept.IsZero() {
			kept = append(kept, one.Provider+" until "+one.Kept.UTC().Format(time.TimeOnly))
		}
	}
	var texts []string
	if len(nobody) > 0 {
		texts = append(texts, "no instance reports that it holds "+strings.Join(nobody, ", "))
	}
	if len(failed) > 0 {
		texts = append(texts, "moves failed: "+strings.Join(failed, ", "))
	}
	if len(kept) > 0 {
		texts = append(texts, "sessions are lost again and again, and do not fall back: "+strings.Join(kept, ", "))
	}
	if len(texts) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(texts, "; "))
}
