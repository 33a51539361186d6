package web

import (
	"sync"
	"time"
)

// Pace counts the requests of each user in the second that runs, with whatever tokens. Each replica has its own: a caller may use as many as there are replicas.
type Pace struct {
	Most int // in a second; 0: no bound

	mu     sync.Mutex
	second int64
	asked  map[string]int // by user
}

// Allow counts a request, unless its user has had the share of the second.
func (p *Pace) Allow(user string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if second := now.Unix(); second != p.second || p.asked == nil {
		p.second, p.asked = second, map[string]int{}
	}
	if p.Most > 0 && p.asked[user] >= p.Most {
		return false
	}
	p.asked[user]++
	return true
}
