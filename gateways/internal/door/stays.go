package door

import (
	"maps"
	"slices"
	"sync"

	"fxcore/lambda/audit"
)

// stays has the connections that are logged on.
type stays struct {
	mu  sync.Mutex
	all map[Admitted]bool
}

// add notes a connection. The caller calls leave when it has ended.
func (s *stays) add(a Admitted) (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[Admitted]bool{}
	}
	s.all[a] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all, a)
	}
}

func (s *stays) list() []Admitted {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.all))
}

// Recheck ends each connection that the present rules would not admit. It does not wait for the ends.
func (e *Entrance[K, S]) Recheck() {
	for _, a := range e.stays.list() {
		e.recheck(a)
	}
}

// recheck returns false if it has ended the connection.
func (e *Entrance[K, S]) recheck(a Admitted) (goesOn bool) {
	err := a.Keeps()
	if e.Barred(a.Name()) {
		err = errBarred
	}
	if err == nil {
		return true
	}
	e.place.Log.Warn("provider's connection ends: its rules do not admit it any more", "provider", a.Name(), "event.reason", err.Error())
	e.audit.Note(audit.Note{What: "session.cut_off", Outcome: audit.Done, Who: a.Name(), About: e.gateway(), Why: err.Error()})
	a.End(endedBy(err))
	return false
}
