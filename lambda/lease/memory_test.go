package lease

import (
	"context"
	"sync"
	"time"
)

// memory is rows without a database, for one holder. On request it hangs, even after its context has ended.
type memory struct {
	mu      sync.Mutex
	epochs  map[string]int64
	expires map[string]time.Time
	foreign map[string]bool
	wished  map[string]bool // for another replica, which never comes
	gate    chan struct{}
	deaf    bool
	slow    []time.Duration // answers take so long, in turn
}

func newMemory() *memory {
	return &memory{epochs: map[string]int64{}, expires: map[string]time.Time{}, foreign: map[string]bool{}, wished: map[string]bool{}}
}

func (m *memory) take(ctx context.Context, names []string, length time.Duration) (grants []Grant, again time.Duration, err error) {
	if err := m.wait(ctx); err != nil {
		return nil, 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		free := m.expires[name]
		if m.wished[name] {
			free = free.Add(reserved)
		}
		if !time.Now().Before(free) {
			m.epochs[name]++
			delete(m.wished, name)
			m.expires[name], m.foreign[name] = time.Now().Add(length), false
			grants = append(grants, Grant{name, m.epochs[name]})
		} else if left := time.Until(free); left < usual.Poll {
			again = left
		}
	}
	return grants, again, nil
}

func (m *memory) renew(ctx context.Context, grants []Grant, length time.Duration) (r renewal, err error) {
	if err := m.wait(ctx); err != nil {
		return r, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, g := range grants {
		if m.own(g) {
			m.expires[g.Name] = latest(m.expires[g.Name], time.Now().Add(length))
		}
		r.note(g, m.own(g), m.wished[g.Name])
	}
	return r, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (m *memory) release(ctx context.Context, grants []Grant) error {
	if err := m.wait(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, g := range grants {
		if m.own(g) {
			m.expires[g.Name] = time.Now()
		}
	}
	return nil
}

func (m *memory) close() {}

func (m *memory) own(g Grant) bool {
	return !m.foreign[g.Name] && m.epochs[g.Name] == g.Epoch && time.Now().Before(m.expires[g.Name])
}

func (m *memory) held(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Before(m.expires[name])
}

// change gives the names to another holder, which does not renew them.
func (m *memory) change(names ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		m.epochs[name]++
		m.expires[name], m.foreign[name] = time.Now().Add(usual.Length), true
	}
}

// wish wishes names for another replica.
func (m *memory) wish(names ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		m.wished[name] = true
	}
}

// answersAfter makes the answers take so long, in turn.
func (m *memory) answersAfter(slow ...time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slow = slow
}

func (m *memory) hang(deaf bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gate, m.deaf = make(chan struct{}), deaf
}

func (m *memory) run() {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.gate)
	m.gate = nil
}

func (m *memory) wait(ctx context.Context) error {
	m.mu.Lock()
	gate, deaf, slow := m.gate, m.deaf, time.Duration(0)
	if len(m.slow) > 0 {
		slow = m.slow[0]
		m.slow = append(m.slow[1:], slow)
	}
	m.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
	}
	switch {
	case gate == nil:
	case deaf:
		<-gate
	default:
		select {
		case <-gate:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}
