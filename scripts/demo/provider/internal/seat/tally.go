package seat

import (
	"sync"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/ticket"
)

// Count is what happened on a seat since it was taken.
type Count struct {
	Sent      int
	Granted   int
	Rejected  int    // of which Flawed were meant to be
	Flawed    int    // rejected as they should be
	Refused   int    // not understood by the core
	LastFault string // the last rejection or refusal that was not meant
}

// Tally counts, and remembers the requests that wait for their answer. It is safe for use by several goroutines.
type Tally struct {
	mu    sync.Mutex
	total Count
	open  map[string]desk.Request // by reference
	order []string                // of open, oldest first
}

func (t *Tally) count() Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total
}

// sent enters a request. Where a reference is used twice, the two answers can not be told apart: neither is awaited.
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

// answered enters an answer and returns the request that it answers finally; false if that is not known.
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
