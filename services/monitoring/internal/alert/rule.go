package alert

import (
	"fmt"
	"strconv"
	"time"
)

// Severity says who acts, and when.
type Severity string

// The severities.
const (
	Page   Severity = "page"   // somebody is woken
	Ticket Severity = "ticket" // somebody looks at it the same day
	Info   Severity = "info"   // is shown
)

// Reduce says how the measures of one subject become one number.
type Reduce string

// The ways to reduce.
const (
	Max Reduce = "max"
	Min Reduce = "min"
	Sum Reduce = "sum"
)

// Rule says when an alert fires and what the person on call does about it.
type Rule struct {
	Name     string // in snake case; also the heading in the runbook
	Symptom  bool   // callers notice it; otherwise it is a cause, and shown behind the symptoms
	Severity Severity
	Owner    string // the team that acts

	Measure string // the name of the judged measure
	By      string // the label that names the subject; empty: there is one subject, the core
	Reduce  Reduce

	Below     bool          // fires below the threshold, otherwise above it
	Threshold float64       // fires when the measure is beyond it ...
	For       time.Duration // ... for so long
	Clear     float64       // clears when the measure is at least as good as this ...
	ClearFor  time.Duration // ... for so long

	Text   string // what is wrong; %s is the subject, if there is one
	Advice Advice
}

// Advice is the rule's section of the runbook.
type Advice struct {
	Meaning, Impact, Verify string
	Steps                   [3]string
	Escalate                string
}

// Subject returns the subject of a sample under the rule; false if the rule does not judge the sample.
func (r Rule) Subject(s Sample) (string, bool) {
	if s.Name != r.Measure {
		return "", false
	}
	if r.By == "" {
		return "core", true
	}
	subject, labelled := s.Labels[r.By]
	return subject, labelled
}

// Key names an alert: one rule and one subject.
func (r Rule) Key(subject string) string { return r.Name + ":" + subject }

// Breached tells whether the value is beyond the threshold.
func (r Rule) Breached(value float64) bool {
	if r.Below {
		return value < r.Threshold
	}
	return value > r.Threshold
}

// Good tells whether the value is good enough for the alert to clear.
func (r Rule) Good(value float64) bool {
	if r.Below {
		return value >= r.Clear
	}
	return value <= r.Clear
}

// Says returns the alert's text for a subject and a value.
func (r Rule) Says(subject string, value float64) string {
	text := r.Text
	if r.By != "" {
		text = fmt.Sprintf(r.Text, subject)
	}
	return text + " (" + r.Measure + " is " + strconv.FormatFloat(value, 'g', 4, 64) + ")"
}

// join reduces two values of one subject.
func (r Rule) join(a, b float64) float64 {
	switch r.Reduce {
	case Min:
		return min(a, b)
	case Sum:
		return a + b
	default:
		return max(a, b)
	}
}
