package fixwire

import (
	"time"
)

// beat sends a Heartbeat when nothing else was sent for an interval, asks for one when nothing came for a bit longer,
// and ends the connection when even that brings nothing (FIX 4.4, volume 2).
func (s *Session) beat(ended <-chan struct{}) {
	if s.cfg.Heartbeat <= 0 {
		return
	}
	tick := time.NewTicker(s.cfg.Heartbeat / 4)
	defer tick.Stop()
	asked := false
	for {
		select {
		case <-ended:
			return
		case now := <-tick.C:
			silent := since(now, s.received.Load())
			switch {
			case silent > 5*s.cfg.Heartbeat/2:
				_ = s.conn.Close() // ends receive
				return
			case silent > 6*s.cfg.Heartbeat/5 && !asked:
				asked = true
				_, _ = s.control(NewBody(testRequest).Text(tagTestReqID, "are you there")) // a dead connection shows in receive
			case silent < s.cfg.Heartbeat:
				asked = false
			}
			if since(now, s.written.Load()) >= s.cfg.Heartbeat*3/4 {
				_, _ = s.control(NewBody(heartbeat))
			}
		}
	}
}

func since(now time.Time, nanoseconds int64) time.Duration {
	return time.Duration(now.UnixNano() - nanoseconds)
}
