package link

import (
	"net"
	"time"
)

// direction is a way of a link.
type direction int

const (
	outward direction = iota // from the program to the server
	inward
)

// way is how the direction is now, and what is closed once that changes.
func (l *Link) way(d direction) (Way, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d == outward {
		return l.trouble.Out, l.changed
	}
	return l.trouble.In, l.changed
}

// await waits until the direction does not stand any more; false if the connection ended first.
func (l *Link) await(p *pair, d direction) bool {
	for {
		way, changed := l.way(d)
		if !way.stands() {
			return true
		}
		select {
		case <-changed:
		case <-p.done:
			return false
		}
	}
}

// pass hands bytes on as the direction allows; false if the connection has ended.
func (l *Link) pass(p *pair, d direction, to net.Conn, b []byte) bool {
	for {
		way, changed := l.way(d)
		if way.Lose {
			l.lose(p)
			return true
		}
		if !way.Hold {
			return p.wait(way.takes(len(b))) && written(to, b)
		}
		select {
		case <-changed:
		case <-p.done:
			return false
		}
	}
}

// lose notes that something of the connection was swallowed. If that is over meanwhile, so is the connection.
func (l *Link) lose(p *pair) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.lost = true; !l.trouble.loses() {
		p.reset()
	}
}

func (p *pair) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.done:
		return false
	}
}

func written(to net.Conn, b []byte) bool {
	_, err := to.Write(b)
	return err == nil
}
