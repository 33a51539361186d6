package seat

import (
	"sync"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/ticket"
)

// Count holds the numbers of a seat since it was made.
type Count struct {
	Sent      int
	Granted   int
	Rejected  int    // all rejections, Flawed included
	Flawed    int    // rejections of requests that had a mistake on purpose, or that are not known
	Refused   int    // messages that the core did not understand
	LastFault string // text of the last rejection or refusal that was not expected
}

// Tally counts requests and answers, and holds the requests that wait for an answer. It is safe for concurrent use.
type Tally struct {
	mu    sync.Mutex
	total Count
	open  map[string]desk.Request // waiting requests, by reference
	order []string                // references, oldest first
}

func (t *Tally) count() Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total
}

// sent counts a request. If its reference is already waiting, the two answers cannot be told apart, and neither is
// waited for.
func (t *Tally) sent(r desk.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total.Sent++
	if t.open == nil {
		t.open = map[string]desk.Request{}
	}
	if _, taken := t.open[r.Reference]; taken {
		delete(t.open, r.Reference)
		return
	}
	t.open[r.Reference] = r
	if t.order = append(t.order, r.Reference); len(t.order) > openBound {
		delete(t.open, t.order[0])
		t.order = t.order[1:]
	}
}

// answered counts a final answer and returns its request; false for a pending answer or an unknown reference.
func (t *Tally) answered(a ticket.Answer) (desk.Request, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.Outcome == ticket.Pending {
		return desk.Request{}, false
	}
	r, known := t.open[a.Reference]
	delete(t.open, a.Reference)
	switch a.Outcome {
	case ticket.Granted:
		t.total.Granted++
		return r, known
	case ticket.Refused:
		t.total.Refused++
	default:
		t.total.Rejected++
	}
	if r.Flawed || !known {
		t.total.Flawed++
	} else {
		t.total.LastFault = a.Text
	}
	return r, known
}
