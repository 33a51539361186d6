package link

import (
	"math/rand/v2"
	"time"
)

// Trouble is what a link does to its connections. The zero value is none.
type Trouble struct {
	Refuse bool // every connection is reset, old and new
	Out    Way  // from the program to the server
	In     Way  // from the server to the program
}

// Way is one direction. At most one of Hold and Lose is set.
type Way struct {
	Hold bool // nothing passes until it is over, then all of it: a network that comes back before anyone gave up
	Lose bool // all is swallowed, and the connection is reset when it is over: a half-open connection

	Delay     time.Duration // of what passes
	Jitter    time.Duration // up to so much more
	PerSecond int           // bytes; 0: any number
}

func (t Trouble) loses() bool { return t.Out.Lose || t.In.Lose }

// stands tells whether nothing passes.
func (w Way) stands() bool { return w.Hold || w.Lose }

// takes is how long n bytes take to pass.
func (w Way) takes(n int) time.Duration {
	d := w.Delay
	if w.Jitter > 0 {
		d += rand.N(w.Jitter)
	}
	if w.PerSecond > 0 {
		d += time.Duration(n) * time.Second / time.Duration(w.PerSecond)
	}
	return d
}
