package alert

import (
	"slices"
	"time"
)

// State is a state of an alert.
type State string

// The states. An alert goes pending, firing, cleared; from pending it may also vanish. A cleared one becomes pending again.
const (
	Pending State = "pending" // the measure is beyond the threshold, but not for long enough
	Firing  State = "firing"
	Cleared State = "cleared"
)

// Alert is one rule and one subject.
type Alert struct {
	Key, Rule, Subject string
	State              State
	Since              time.Time // when the measure went beyond the threshold
	GoodSince          time.Time // of a firing one: since when the measure is good again; zero while it is not
	ClearedAt          time.Time // of a cleared one
	Value              float64   // the last one that was bad
	Text               string
}

// Book holds alerts by their key.
type Book map[string]Alert

// Judge returns the alerts that differ from the book after the samples of now. Removed are the pending ones that have vanished: their state is
// empty. The same samples at the same time give the same result, whoever judges.
func Judge(rules []Rule, book Book, samples []Sample, now time.Time) (changed []Alert) {
	for _, r := range rules {
		values := r.values(samples)
		for _, subject := range r.subjects(values, book) {
			before := book[r.Key(subject)]
			value, known := values[subject]
			if after := r.step(before, subject, value, known, now); after != before {
				changed = append(changed, after)
			}
		}
	}
	return changed
}

func (r Rule) values(samples []Sample) map[string]float64 {
	values := map[string]float64{}
	for _, s := range samples {
		subject, judged := r.Subject(s)
		if !judged {
			continue
		}
		if other, some := values[subject]; some {
			values[subject] = r.join(other, s.Value)
		} else {
			values[subject] = s.Value
		}
	}
	return values
}

// subjects returns, in order, those with a value and those with an alert.
func (r Rule) subjects(values map[string]float64, book Book) (all []string) {
	for subject := range values {
		all = append(all, subject)
	}
	for _, a := range book {
		if a.Rule == r.Name {
			all = append(all, a.Subject)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// step moves one alert on. A measure that is no longer there counts as good: what it was about has gone.
func (r Rule) step(a Alert, subject string, value float64, known bool, now time.Time) Alert {
	bad, good := known && r.Breached(value), !known || r.Good(value)
	switch a.State {
	case Firing:
		return r.mayClear(a, value, bad, good, now)
	case Pending:
		if !bad {
			return Alert{Key: a.Key, Rule: a.Rule, Subject: a.Subject}
		}
	default:
		if !bad {
			return a
		}
		a = Alert{Key: r.Key(subject), Rule: r.Name, Subject: subject, State: Pending, Since: now}
	}
	a.Value, a.Text = value, r.Says(subject, value)
	if now.Sub(a.Since) >= r.For {
		a.State = Firing
	}
	return a
}

// mayClear moves a firing alert on: it clears when the measure has been good for long enough. Between good and bad nothing changes.
func (r Rule) mayClear(a Alert, value float64, bad, good bool, now time.Time) Alert {
	switch {
	case bad:
		a.Value, a.Text, a.GoodSince = value, r.Says(a.Subject, value), time.Time{}
	case !good:
		a.GoodSince = time.Time{}
	case a.GoodSince.IsZero():
		a.GoodSince = now
	}
	if !a.GoodSince.IsZero() && now.Sub(a.GoodSince) >= r.ClearFor {
		a.State, a.ClearedAt = Cleared, now
	}
	return a
}
