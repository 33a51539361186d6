package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"fxcore/services/logging/internal/history"
)

// maxReports bounds what one answer is made of: a day of one instance has 17,280 reports.
const maxReports = 10_000

// longest is the longest time between from and to.
const longest = 12 * time.Hour

// period is a time in which an instance's state was the same.
type period struct {
	Instance string           `json:"instance"`
	From     string           `json:"from"`
	To       string           `json:"to"`
	State    history.State    `json:"state"` // ready, not_ready, or silent: it did not report in time
	Ready    bool             `json:"ready"`
	Reasons  []history.Reason `json:"reasons"`
	Version  string           `json:"version,omitempty"`
	Host     string           `json:"host,omitempty"`
	Started  string           `json:"started_at,omitempty"`
}

// span is what is asked: an instance, or all, and the time.
type span struct {
	instance string
	from, to time.Time
}

// spanOf reads it: "at" for one instant, else from and to, the last hour if they are not given.
func spanOf(values url.Values, now time.Time) (s span, err error) {
	if err := known(values, "instance", "at", "from", "to"); err != nil {
		return s, err
	}
	s.instance = values.Get("instance")
	at, err1 := instant(values, "at")
	from, err2 := instant(values, "from")
	to, err3 := instant(values, "to")
	if err := errors.Join(err1, err2, err3); err != nil {
		return s, err
	}
	switch {
	case !at.IsZero() && !(from.IsZero() && to.IsZero()):
		return s, errors.New("give either at, or from and to")
	case !at.IsZero():
		from, to = at, at.Add(time.Microsecond)
	case to.IsZero():
		to = now
	}
	if from.IsZero() {
		from = to.Add(-time.Hour)
	}
	if s.from, s.to = from, to; !from.Before(to) || to.Sub(from) > longest {
		return s, errors.New("from must be before to, by no more than 12 hours")
	}
	return s, nil
}

func (a API) history(w http.ResponseWriter, r *http.Request) {
	asked, err := spanOf(r.URL.Query(), a.Now())
	if err != nil {
		refuse(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), searchBound)
	defer cancel()
	reports, err := a.Store.Reports(ctx, asked.instance, asked.from.Add(-history.Reach), asked.to, maxReports)
	if err != nil {
		a.away(w, r, err)
		return
	}
	if len(reports) == maxReports {
		refuse(w, r, errors.New("these are too many reports for one answer: name an instance, or a shorter time"))
		return
	}
	answer(w, map[string]any{"items": asked.periods(reports)})
}

// periods of each instance that reported, or of the one that is asked for.
func (s span) periods(reports []history.Report) []period {
	by := map[string][]history.Report{}
	if s.instance != "" {
		by[s.instance] = nil
	}
	for _, r := range reports {
		by[r.Instance] = append(by[r.Instance], r)
	}
	names := make([]string, 0, len(by))
	for name := range by {
		names = append(names, name)
	}
	slices.Sort(names)
	items := []period{}
	for _, name := range names {
		for _, p := range history.Periods(by[name], s.from, s.to) {
			items = append(items, periodOf(name, p))
		}
	}
	return items
}

func periodOf(instance string, p history.Period) period {
	shown := period{
		Instance: instance, From: p.From.UTC().Format(timeForm), To: p.To.UTC().Format(timeForm), State: p.State, Ready: p.State == history.Ready,
		Reasons: []history.Reason{}, Version: p.Report.Version, Host: p.Report.Host,
	}
	if p.State == history.NotReady {
		shown.Reasons = append(shown.Reasons, p.Report.Reasons...)
	}
	if !p.Report.Started.IsZero() {
		shown.Started = p.Report.Started.Format(timeForm)
	}
	return shown
}
