package link

import (
	"net"
	"time"
)

// direction is one direction of a link.
type direction int

const (
	outward direction = iota // from the program to the server
	inward
)

// way returns the state of a direction, and a channel that is closed when it changes.
func (l *Link) way(d direction) (Way, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d == outward {
		return l.trouble.Out, l.changed
	}
	return l.trouble.In, l.changed
}

// await waits until the direction lets bytes pass; false if the connection ends first.
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

// pass writes bytes as the direction allows; false if the connection has ended.
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

// lose notes that the connection has lost bytes. If the loss has just ended, it resets the connection.
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
