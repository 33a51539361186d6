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
}

func newMemory() *memory {
	return &memory{epochs: map[string]int64{}, expires: map[string]time.Time{}, foreign: map[string]bool{}, wished: map[string]bool{}}
}

func (m *memory) take(ctx context.Context, names []string) (grants []Grant, awaited bool, err error) {
	if err := m.wait(ctx); err != nil {
		return nil, false, err
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
			m.expires[name], m.foreign[name] = time.Now().Add(usual.Length), false
			grants = append(grants, Grant{name, m.epochs[name]})
		}
	}
	return grants, false, nil
}

func (m *memory) renew(ctx context.Context, grants []Grant) (r renewal, err error) {
	if err := m.wait(ctx); err != nil {
		return r, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, g := range grants {
		if m.own(g) {
			m.expires[g.Name] = time.Now().Add(usual.Length)
		}
		r.note(g, m.own(g), m.wished[g.Name])
	}
	return r, nil
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
	gate, deaf := m.gate, m.deaf
	m.mu.Unlock()
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
