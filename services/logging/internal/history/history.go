// Package history says from an instance's reports when it was ready, when it was not and why, and when nobody heard of it.
package history

import (
	"slices"
	"strings"
	"time"
)

// Report is what an instance said of itself at a time.
type Report struct {
	ID       string
	Instance string // "auth-2"
	Program  string
	Version  string
	Host     string
	At       time.Time // UTC
	Started  time.Time // of the process
	Ready    bool
	Reasons  []Reason      // why it is not ready
	Every    time.Duration // until it reports again, at most
}

// Reason is one part that is not ready, and why.
type Reason struct {
	Part string `json:"part"`
	Text string `json:"text"`
}

// State is what is known of an instance at a time.
type State string

// The states.
const (
	Ready    State = "ready"
	NotReady State = "not_ready"
	Silent   State = "silent" // it has not reported in time: it was down, cut off, or this service got no messages
)

// missed is how many reports in a row must be missing before an instance is silent.
const missed = 3

// usual is how often instances report where a report does not say so.
const usual = 5 * time.Second

// until returns how long a report holds.
func (r Report) until() time.Time {
	every := r.Every
	if every <= 0 {
		every = usual
	}
	return r.At.Add(missed * every)
}

// state is what a report says.
func (r Report) state() State {
	if r.Ready {
		return Ready
	}
	return NotReady
}

// Reach is how far before a time the report may lie that says what was then: reports hold no longer.
const Reach = 5 * time.Minute

// Period is a time in which an instance's state was the same. From is inclusive, To exclusive.
type Period struct {
	From, To time.Time
	State    State
	Report   Report // that the period began with; of a silent one the last report before it, zero if there is none
}

// Periods returns the states of one instance from from to to. reports are its reports in their order, those of the Reach before from
// included.
func Periods(reports []Report, from, to time.Time) []Period {
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b Report) int { return a.At.Compare(b.At) })
	all := []Period{{From: from, To: to, State: Silent}}
	for i, r := range reports {
		ends := r.until()
		if i+1 < len(reports) && reports[i+1].At.Before(ends) {
			ends = reports[i+1].At
		}
		if ends.After(from) && r.At.Before(to) {
			all = add(all, Period{From: later(r.At, from), To: to, State: r.state(), Report: r})
			all = add(all, Period{From: ends, To: to, State: Silent, Report: r})
		}
	}
	return all
}

// add lets a period follow: the one before ends where it begins, unless both say the same.
func add(all []Period, next Period) []Period {
	if !next.From.Before(next.To) {
		return all
	}
	last := &all[len(all)-1]
	if !last.From.Before(next.From) {
		all = all[:len(all)-1]
		if len(all) == 0 {
			return []Period{next}
		}
		return add(all, next)
	}
	if last.State == next.State && (next.State == Silent || last.Report.why() == next.Report.why()) {
		last.To = next.To
		return all
	}
	last.To = next.From
	return append(all, next)
}

// why are the reasons as one text.
func (r Report) why() string {
	var b strings.Builder
	for _, reason := range r.Reasons {
		b.WriteString(reason.Part + ": " + reason.Text + "\n")
	}
	return b.String()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
