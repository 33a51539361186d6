// Package memo keeps what was computed, for code that asks for the same few things again and again.
package memo

import "sync"

// Memo keeps values by key. It is bounded and safe for concurrent use. It is for values that never go stale: the same key must
// always compute to the same value. The caller must not change a value.
type Memo[K comparable, V any] struct {
	most  int
	mu    sync.RWMutex
	known map[K]V
}

// New returns an empty memo that keeps at most so many values. When it is full it is emptied.
func New[K comparable, V any](most int) *Memo[K, V] { return &Memo[K, V]{most: most} }

// Get returns the value of a key. It calls compute only if the memo does not have the value.
func (m *Memo[K, V]) Get(key K, compute func() V) V {
	m.mu.RLock()
	value, known := m.known[key]
	m.mu.RUnlock()
	if known {
		return value
	}
	value = compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= m.most {
		m.known = make(map[K]V)
	}
	m.known[key] = value
	return value
}
