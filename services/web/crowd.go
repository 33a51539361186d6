package web

import "sync"

// Crowd counts what is under way, for each of those who began it. It is safe for concurrent use.
type Crowd struct {
	most int

	mu     sync.Mutex
	inside map[string]int
}

// NewCrowd returns a crowd that lets so many of each in; 0: no bound.
func NewCrowd(most int) *Crowd { return &Crowd{most: most, inside: map[string]int{}} }

// Enter counts one more of somebody, unless there are enough. leave must be called once, after a nil error. The error is a Problem. what
// names in it what is under way.
func (c *Crowd) Enter(who, what string) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.most > 0 && c.inside[who] >= c.most {
		return nil, TooMany(what)
	}
	c.inside[who]++
	return func() { c.leave(who) }, nil
}

func (c *Crowd) leave(who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside[who]--; c.inside[who] <= 0 {
		delete(c.inside, who)
	}
}
