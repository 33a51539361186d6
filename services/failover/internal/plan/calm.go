package plan

import (
	"fmt"
	"time"
)

// Calm keeps a session where it is that living instances lose again and again: the machines have no processor time, or their database
// does not answer. Each fall-back would be one more interruption, and the session would be lost there, too.
type Calm struct {
	Lost  int       // how often living instances have lost the session since Since
	Since time.Time // the first loss of a minute
	Times int       // how often in a row the session was kept
	Until time.Time // it does not fall back before
}

const (
	lostOften  = 3 // times within lostWithin: then a session is kept where it is
	lostWithin = time.Minute
	calmFirst  = time.Minute // for so long the first time, twice as long the second time, and so on
	calmMost   = 30 * time.Minute
)

// Keeps reports whether the session does not fall back at a time.
func (c Calm) Keeps(now time.Time) bool { return now.Before(c.Until) }

// lost notes a loss. It returns true if the session is to be kept from now on, or longer.
func (c *Calm) lost(at time.Time) bool {
	if at.Sub(c.Since) > lostWithin {
		c.Since, c.Lost = at, 0
	}
	if c.Lost++; c.Lost < lostOften {
		return false
	}
	if at.Sub(c.Until) > calmMost {
		c.Times = 0
	}
	until := at.Add(min(calmFirst<<min(c.Times, 10), calmMost))
	c.Lost, c.Since = 0, time.Time{}
	c.Times++
	if until.After(c.Until) {
		c.Until = until
	}
	return true
}

// lost is told that an instance that lives has lost a session: its lease was not renewed in time. A killed instance tells nothing, and a
// takeover from it is no flapping.
func (s *State) lost(k Key, instance string, at time.Time) {
	h := s.at(k)
	s.changed.home(k)
	if h.Calm.lost(at) {
		s.tell(Entry{
			At: at, Gateway: k.Gateway, Provider: k.Provider, Instance: instance, What: "kept",
			Text: fmt.Sprintf("lost %d times within %s: it does not fall back before %s", lostOften, lostWithin, h.Calm.Until.UTC().Format(time.TimeOnly)),
		})
	}
}

// slower reports whether an instance needs leases more than twice as long as another one: it runs late, and a session should not move to it.
func (i *Instance) slower(than *Instance) bool { return i.Lease > 2*than.Lease && than.Lease > 0 }
