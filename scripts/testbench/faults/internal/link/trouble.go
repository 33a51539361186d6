package link

import (
	"math/rand/v2"
	"time"
)

// Trouble says how a link disturbs its connections. The zero value means not at all.
type Trouble struct {
	Refuse bool // resets every connection, old and new
	Out    Way  // from the program to the server
	In     Way  // from the server to the program
}

// Way is the state of one direction. At most one of Hold and Lose is set.
type Way struct {
	Hold bool // nothing passes until it ends, then everything does: a network that returns before anyone gives up
	Lose bool // all bytes are lost, and the connection is reset when it ends: a half-open connection

	Delay     time.Duration // of all bytes
	Jitter    time.Duration // added to Delay, a random part of it
	PerSecond int           // bytes a second; 0: no limit
}

func (t Trouble) loses() bool { return t.Out.Lose || t.In.Lose }

// stands reports whether nothing passes.
func (w Way) stands() bool { return w.Hold || w.Lose }

// takes returns how long n bytes take to pass.
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
