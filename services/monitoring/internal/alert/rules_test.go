package alert_test

import (
	"testing"
	"time"

	"fxcore/services/monitoring/internal/alert"
)

var begin = time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)

// samplesFor returns what the rule judges, with one value.
func samplesFor(r alert.Rule, value float64) []alert.Sample {
	if r.By == "" {
		return []alert.Sample{alert.Of(r.Measure, value)}
	}
	return []alert.Sample{alert.Of(r.Measure, value, r.By, "one")}
}

func bad(r alert.Rule) float64 {
	if r.Below {
		return r.Threshold - 1
	}
	return r.Threshold + 1
}

// run judges every five seconds for a while, and returns the alert's last state and when it came.
func run(rules []alert.Rule, book alert.Book, key string, samples []alert.Sample, from time.Time, length time.Duration, until alert.State) (time.Time, bool) {
	for now := from; !now.After(from.Add(length)); now = now.Add(5 * time.Second) {
		for _, a := range alert.Judge(rules, book, samples, now) {
			if a.State == "" {
				delete(book, a.Key)
				continue
			}
			book[a.Key] = a
		}
		if book[key].State == until {
			return now, true
		}
	}
	return from.Add(length), false
}

// The causes are made and removed; the clock is the test's. All other rules are judged, too.
func TestEachRuleFiresForItsCauseAndClears(t *testing.T) {
	for _, r := range alert.Rules() {
		t.Run(r.Name, func(t *testing.T) {
			book, subject := alert.Book{}, "one"
			if r.By == "" {
				subject = "core"
			}
			key := r.Key(subject)
			at, fired := run(alert.Rules(), book, key, samplesFor(r, bad(r)), begin, r.For+5*time.Second, alert.Firing)
			if !fired || at.Sub(begin) > 25*time.Second && r.Severity != alert.Info {
				t.Fatalf("fired: %v, after %s", fired, at.Sub(begin))
			}
			if book[key].Text == "" || !book[key].Since.Equal(begin) {
				t.Errorf("%+v", book[key])
			}
			at, cleared := run(alert.Rules(), book, key, samplesFor(r, r.Clear), at, r.ClearFor+5*time.Second, alert.Cleared)
			if !cleared || book[key].ClearedAt.IsZero() {
				t.Fatalf("not cleared until %s: %+v", at, book[key])
			}
		})
	}
}

func TestBetweenThresholdsNothingChanges(t *testing.T) {
	for _, r := range alert.Rules() {
		if r.Clear == r.Threshold || r.Threshold == 0 || r.Below {
			continue
		}
		book, subject := alert.Book{}, "one"
		if r.By == "" {
			subject = "core"
		}
		between := samplesFor(r, (r.Clear+r.Threshold)/2)
		if _, fired := run([]alert.Rule{r}, book, r.Key(subject), between, begin, time.Hour, alert.Firing); fired {
			t.Errorf("%s fires between its thresholds", r.Name)
		}
		_, _ = run([]alert.Rule{r}, book, r.Key(subject), samplesFor(r, bad(r)), begin, time.Hour, alert.Firing)
		if _, cleared := run([]alert.Rule{r}, book, r.Key(subject), between, begin.Add(time.Hour), time.Hour, alert.Cleared); cleared {
			t.Errorf("%s clears between its thresholds", r.Name)
		}
	}
}

func TestAShortBreachDoesNotFire(t *testing.T) {
	for _, r := range alert.Rules() {
		if r.For == 0 {
			continue
		}
		book := alert.Book{}
		for _, a := range alert.Judge([]alert.Rule{r}, book, samplesFor(r, bad(r)), begin) {
			book[a.Key] = a
		}
		changed := alert.Judge([]alert.Rule{r}, book, samplesFor(r, r.Clear), begin.Add(r.For))
		if len(changed) != 1 || changed[0].State != "" {
			t.Errorf("%s: %+v", r.Name, changed)
		}
	}
}

// What was about an instance that no longer exists clears.
func TestAMeasureThatHasGoneIsGood(t *testing.T) {
	r := alert.Rules()[0]
	book, key := alert.Book{}, r.Key("one")
	at, _ := run([]alert.Rule{r}, book, key, samplesFor(r, bad(r)), begin, time.Minute, alert.Firing)
	if _, cleared := run([]alert.Rule{r}, book, key, nil, at, time.Minute, alert.Cleared); !cleared {
		t.Errorf("%+v", book)
	}
}

func TestRulesAreComplete(t *testing.T) {
	seen, cause := map[string]bool{}, false
	for _, r := range alert.Rules() {
		a := r.Advice
		if seen[r.Name] || r.Owner == "" || r.Severity == "" || r.Text == "" || a.Meaning == "" || a.Impact == "" || a.Verify == "" || a.Escalate == "" || a.Steps[2] == "" {
			t.Errorf("%s is there twice, or incomplete", r.Name)
		}
		if r.Breached(r.Clear) || !r.Good(r.Clear) || !r.Breached(bad(r)) {
			t.Errorf("%s: the thresholds contradict each other", r.Name)
		}
		seen[r.Name] = true
		cause = cause || !r.Symptom
	}
	if len(seen) < 24 || !cause {
		t.Errorf("%d rules", len(seen))
	}
}

func TestASampleIsReadFromItsName(t *testing.T) {
	s := alert.Parse(`fx_queue_failed_total{queue="auth",b="c"}`, 3, "instance", "auth-1")
	if s.Name != "fx_queue_failed_total" || s.String() != `fx_queue_failed_total{b="c",instance="auth-1",queue="auth"}` || s.Value != 3 {
		t.Errorf("%s", s)
	}
}
