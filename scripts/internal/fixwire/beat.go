package fixwire

import (
	"time"
)

// beat keeps the connection alive (FIX 4.4, volume 2). It sends a Heartbeat when we have sent nothing for about an
// interval, and a TestRequest when the peer has been silent a little longer. If the peer stays silent, beat closes
// the connection.
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
				_, _ = s.control(NewBody(testRequest).Text(tagTestReqID, "are you there")) // receive reports a dead connection
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
