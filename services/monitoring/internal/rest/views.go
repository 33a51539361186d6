package rest

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/health"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/messages"
	"fxcore/services/monitoring/internal/store"
	"fxcore/services/web"
)

// worstFirst returns alerts as they are answered: pages before tickets, symptoms before causes, the oldest first.
func worstFirst(found []store.Listed) []listed {
	all := make([]listed, 0, len(found))
	for _, l := range found {
		view := listed{Alert: messages.Of(l.Alert)}
		if !l.Acknowledged.At.IsZero() && l.Acknowledged.By != "" {
			view.Acknowledged = &l.Acknowledged
		}
		all = append(all, view)
	}
	slices.SortStableFunc(all, func(a, b listed) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Since.Compare(b.Since), cmp.Compare(a.Key, b.Key))
	})
	return all
}

func rank(a listed) int {
	order := map[alert.Severity]int{alert.Page: 0, alert.Ticket: 2, alert.Info: 4}[a.Severity]
	if !a.Symptom {
		order++
	}
	return order
}

// instance is an instance as it is answered.
type instance struct {
	health.Report
	State    string    `json:"state"` // ready, not_ready or silent
	LastSeen time.Time `json:"last_seen"`
	Since    time.Time `json:"since"`
}

type server struct {
	Name  string `json:"name"`
	State string `json:"state"` // up or down
}

func (i *Interface) health(w http.ResponseWriter, _ *http.Request) {
	now := i.Now().UTC()
	all := []instance{}
	for _, known := range i.View.All() {
		all = append(all, instance{known.Report, state(known, now), known.LastSeen.UTC(), known.Since.UTC()})
	}
	samples := i.Samples()
	answer(w, map[string]any{"at": now, "instances": all, "servers": servers(samples), "disk": diskOf(samples)})
}

// disk is how full the disk of monitoring's machine is, and its largest folders, the largest first.
type disk struct {
	Used    float64  `json:"used_ratio"`
	Folders []folder `json:"folders"` // two levels below the watched one
}

type folder struct {
	Name  string  `json:"name"`
	Bytes float64 `json:"bytes"`
}

func diskOf(samples []alert.Sample) disk {
	d := disk{Folders: []folder{}}
	for _, s := range samples {
		switch s.Name {
		case "fx_disk_used_ratio":
			d.Used = s.Value
		case "fx_folder_bytes":
			d.Folders = append(d.Folders, folder{s.Labels["folder"], s.Value})
		}
	}
	slices.SortStableFunc(d.Folders, func(a, b folder) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return d
}

func state(i instances.Instance, now time.Time) string {
	switch {
	case now.Sub(i.LastSeen) > 3*time.Duration(i.EverySeconds)*time.Second:
		return "silent"
	case !i.Ready:
		return "not_ready"
	}
	return "ready"
}

// servers reads the measures fx_<server>_up.
func servers(samples []alert.Sample) []server {
	all := []server{}
	for _, s := range samples {
		name, found := strings.CutSuffix(strings.TrimPrefix(s.Name, "fx_"), "_up")
		if label := s.Labels["store"]; label != "" {
			name = label
		}
		if !found {
			continue
		}
		state := "up"
		if s.Value < 1 {
			state = "down"
		}
		all = append(all, server{name, state})
	}
	slices.SortFunc(all, func(a, b server) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b server) bool { return a.Name == b.Name })
}

type series struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
	Points [][2]any          `json:"points"` // seconds since 1970, value or null
}

// period reads from, to and step, with bounds.
func (i *Interface) period(r *http.Request) (from, to time.Time, step time.Duration) {
	to = i.Now().UTC()
	if t, err := time.Parse(time.RFC3339, r.URL.Query().Get("to")); err == nil {
		to = t
	}
	from = to.Add(-time.Hour)
	if t, err := time.Parse(time.RFC3339, r.URL.Query().Get("from")); err == nil && to.Sub(t) <= longest {
		from = t
	}
	step, _ = time.ParseDuration(r.URL.Query().Get("step"))
	return from, to, max(step, shortStep)
}

func (i *Interface) measures(w http.ResponseWriter, r *http.Request) {
	names := strings.Split(r.URL.Query().Get("name"), ",")
	if names[0] == "" {
		refuse(w, r, http.StatusUnprocessableEntity, web.CodeInvalid, "name lists the measures.")
		return
	}
	from, to, step := i.period(r)
	ctx, cancel := context.WithTimeout(r.Context(), readBound)
	defer cancel()
	points, err := i.Store.Measures(ctx, names, from, to)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	answer(w, map[string]any{"from": from, "to": to, "step_seconds": step.Seconds(), "series": grouped(points, step)})
}

// grouped makes series of points that come by name and time: the last value of each step.
func grouped(points []store.Point, step time.Duration) []series {
	all, last := []series{}, ""
	for _, p := range points {
		if p.Name != last || len(all) == 0 {
			s := alert.Parse(p.Name, 0)
			all, last = append(all, series{Name: s.Name, Labels: s.Labels, Points: [][2]any{}}), p.Name
		}
		at := p.At.Truncate(step).Unix()
		one := &all[len(all)-1]
		if n := len(one.Points); n > 0 && one.Points[n-1][0] == at {
			one.Points[n-1][1] = p.Value
		} else {
			one.Points = append(one.Points, [2]any{at, p.Value})
		}
	}
	return all
}
