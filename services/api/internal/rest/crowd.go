package rest

import (
	"net/http"
	"sync"
)

// Bounds say how much of a kind may be under way at one replica at a time; 0: no bound. A caller may use as many replicas as there are.
type Bounds struct {
	Logins  int `env:"API_LOGINS" envDefault:"64"`  // of all callers together: who logs in has proven nothing yet
	Lookups int `env:"API_LOOKUPS" envDefault:"16"` // of all callers together, for tokens that have not counted at the replica yet
	WhatIfs int `env:"API_WHAT_IFS" envDefault:"8"` // and other questions about lines, of one user
	Streams int `env:"API_STREAMS" envDefault:"20"` // of one user
	Waits   int `env:"API_WAITS" envDefault:"2000"` // requests of one user that wait for their outcome
}

// crowd counts what is under way, for each of those who began it. It is safe for concurrent use.
type crowd struct {
	most int

	mu     sync.Mutex
	inside map[string]int
}

func newCrowd(most int) *crowd { return &crowd{most: most, inside: map[string]int{}} }

// enter counts one more of somebody, unless there are enough. leave must be called once, after a nil error. The error is a Problem.
func (c *crowd) enter(who, what string) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.most > 0 && c.inside[who] >= c.most {
		return nil, tooMany(what)
	}
	c.inside[who]++
	return func() { c.leave(who) }, nil
}

func tooMany(what string) *Problem {
	p := problem(http.StatusTooManyRequests, codeTooMany, "Too many "+what+" are under way: nothing was done. Try again when some have ended.")
	p.headers = http.Header{"Retry-After": {"1"}}
	return p
}

func (c *crowd) leave(who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside[who]--; c.inside[who] <= 0 {
		delete(c.inside, who)
	}
}
