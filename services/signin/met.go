package signin

import "sync"

// metMost bounds the tokens of one generation.
const metMost = 10_000

// met remembers the hashes of tokens that have counted here, the latest 10,000 to 20,000. It decides nothing but who is looked up first:
// whether a token counts, the tables say each time. It is safe for concurrent use.
type met struct {
	mu         sync.Mutex
	young, old map[string]struct{}
}

func (m *met) has(hash string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, found := m.young[hash]; found {
		return true
	}
	_, found := m.old[hash]
	return found
}

func (m *met) add(hash string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= metMost {
		m.young, m.old = nil, m.young
	}
	if m.young == nil {
		m.young = map[string]struct{}{}
	}
	m.young[hash] = struct{}{}
}
