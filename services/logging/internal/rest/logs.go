package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"fxcore/services/logging/internal/line"
)

// entry is a line as the caller gets it.
type entry struct {
	ID          string            `json:"id"`
	At          string            `json:"at"`
	Level       string            `json:"level"`
	Program     string            `json:"program"`
	Instance    string            `json:"instance"`
	Message     string            `json:"message"`
	Trace       string            `json:"trace_id,omitempty"`
	Correlation string            `json:"correlation,omitempty"`
	Fields      map[string]string `json:"fields"`
}

type page struct {
	Items []entry `json:"items"`
	Next  string  `json:"next,omitempty"` // cursor of the next page; empty on the last one
}

const timeForm = "2006-01-02T15:04:05.000000Z"

func entryOf(l line.Line) entry {
	return entry{l.ID, l.Time.UTC().Format(timeForm), l.Level, l.Service, l.Instance, l.Message, l.Trace, l.Story, l.Fields}
}

func (a API) logs(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r.URL.Query())
	if err != nil {
		refuse(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), searchBound)
	defer cancel()
	lines, err := a.Store.Search(ctx, q)
	if err != nil {
		a.away(w, r, err)
		return
	}
	found := page{Items: make([]entry, len(lines))}
	for i, l := range lines {
		found.Items[i] = entryOf(l)
	}
	if len(lines) == q.Limit {
		found.Next = line.PositionOf(lines[len(lines)-1]).Cursor()
	}
	answer(w, found)
}

// How a tail looks for new lines. A line may be found late, because its program sends lines in batches and a store needs a moment: so each
// look begins before the last one's end.
const (
	tailEvery = time.Second
	tailReach = 15 * time.Second
	tailMost  = 500 // lines of one look
)

// tail sends the lines of a query as they come, the oldest first, until the caller goes.
func (a API) tail(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r.URL.Query())
	if err != nil {
		refuse(w, r, err)
		return
	}
	q.Limit, q.After, q.To = tailMost, line.Position{}, time.Time{}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	_, _ = fmt.Fprint(w, ": the lines that come from now on\n\n")
	_ = out.Flush()
	t := follower{api: a, query: q, begun: a.Now(), sent: map[string]time.Time{}}
	tick := time.NewTicker(tailEvery)
	defer tick.Stop()
	for {
		fresh, err := t.look(r.Context())
		for _, l := range fresh {
			text, _ := json.Marshal(entryOf(l))
			_, _ = fmt.Fprintf(w, "id: %s\ndata: %s\n\n", l.ID, text)
		}
		if err != nil {
			_, _ = fmt.Fprint(w, ": the store does not answer\n\n")
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
	}
}

// follower remembers which of the youngest lines were sent.
type follower struct {
	api   API
	query line.Query
	begun time.Time
	sent  map[string]time.Time // by id, until a look no longer finds them
}

// look returns the lines that were not sent yet, the oldest first.
func (f *follower) look(ctx context.Context) ([]line.Line, error) {
	ctx, cancel := context.WithTimeout(ctx, searchBound)
	defer cancel()
	from := f.api.Now().Add(-tailReach)
	if from.Before(f.begun) {
		from = f.begun
	}
	f.query.From = from
	lines, err := f.api.Store.Search(ctx, f.query)
	if err != nil {
		return nil, err
	}
	slices.Reverse(lines)
	lines = slices.DeleteFunc(lines, func(l line.Line) bool { _, sent := f.sent[l.ID]; return sent })
	for _, l := range lines {
		f.sent[l.ID] = l.Time
	}
	for id, at := range f.sent {
		if at.Before(from) {
			delete(f.sent, id)
		}
	}
	return lines, nil
}
