package valuedate

import (
	"sync"

	"fxcore/services/contract/fxdate"
)

// memo keeps the periods that were computed: the deals of a day ask for the same few tenors again and again. It is bounded and safe
// for concurrent use. Nothing in it goes stale, because the calendars of a pair never change.
type memo struct {
	mu    sync.RWMutex
	known map[asked]answer
}

// maxKnown is how many periods a pair keeps. A day has some twenty tenors; a full memo is emptied.
const maxKnown = 512

type asked struct {
	deal  Dates
	unit  fxdate.Unit
	count int
}

type answer struct {
	period Period
	err    error
}

// get returns what compute returns, which it calls only if nobody has asked before.
func (m *memo) get(q asked, compute func() (Period, error)) (Period, error) {
	m.mu.RLock()
	a, known := m.known[q]
	m.mu.RUnlock()
	if known {
		return a.period, a.err
	}
	a.period, a.err = compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxKnown {
		m.known = make(map[asked]answer)
	}
	m.known[q] = a
	return a.period, a.err
}
