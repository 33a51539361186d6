package messages

import (
	"context"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/monitoring/internal/alert"
)

// Alert is the data of alert.raised and alert.cleared, and what the interface shows of an alert.
type Alert struct {
	Key       string         `json:"key"`
	Rule      string         `json:"rule"`
	Severity  alert.Severity `json:"severity"`
	Symptom   bool           `json:"symptom"`
	Owner     string         `json:"owner"`
	State     alert.State    `json:"state"`
	Since     time.Time      `json:"since"`
	ClearedAt *time.Time     `json:"cleared_at,omitempty"`
	Subject   string         `json:"subject"`
	Text      string         `json:"text"`
	Runbook   string         `json:"runbook"` // the anchor in docs/runbook.md
	Steps     []string       `json:"steps"`
	Measure   string         `json:"measure"`
	Threshold float64        `json:"threshold"`
	Value     float64        `json:"value"`
}

// Of joins an alert with what its rule says. A rule that no longer exists leaves its fields empty.
func Of(a alert.Alert) Alert {
	r := ruleOf(a.Rule)
	view := Alert{
		Key: a.Key, Rule: a.Rule, Severity: r.Severity, Symptom: r.Symptom, Owner: r.Owner, State: a.State, Since: a.Since, Subject: a.Subject,
		Text: a.Text, Runbook: a.Rule, Steps: r.Advice.Steps[:], Measure: r.Measure, Threshold: r.Threshold, Value: a.Value,
	}
	if !a.ClearedAt.IsZero() {
		view.ClearedAt = &a.ClearedAt
	}
	return view
}

func ruleOf(name string) alert.Rule {
	for _, r := range alert.Rules() {
		if r.Name == name {
			return r
		}
	}
	return alert.Rule{Name: name}
}

// Teller publishes alerts.
type Teller struct {
	Publish func(ctx context.Context, events ...event.Event) error
	Source  string
	Now     func() time.Time
}

// Tell publishes the state of an alert that fires or has cleared. The same state gives the same event id.
func (t Teller) Tell(ctx context.Context, a alert.Alert) error {
	typ := contract.AlertRaised
	if a.State == alert.Cleared {
		typ = contract.AlertCleared
	}
	id := event.NewID(event.DayOf(a.Since), "alert", a.Key, string(a.State), a.Since.Format(time.RFC3339Nano))
	e, err := event.New(typ, id, contract.Operations, a.Key, Of(a))
	if err != nil {
		return fmt.Errorf("publish alert %s: %w", a.Key, err)
	}
	e.Source, e.Time = t.Source, t.Now().UTC()
	return t.Publish(ctx, e)
}
