package fixwire

import (
	"time"
)

// beat keeps the connection alive (FIX 4.4, volume 2). It sends a Heartbeat when we have sent nothing for about an
// interval, and one TestRequest when the peer has been silent a little longer. If the peer stays silent for that long
// again, beat closes the connection. The peer gets this second time also if this process was stopped and sees the
// silence late.
func (s *Session) beat(ended <-chan struct{}) {
	if s.cfg.Heartbeat <= 0 {
		return
	}
	tick := time.NewTicker(s.cfg.Heartbeat / 4)
	defer tick.Stop()
	long := 6 * s.cfg.Heartbeat / 5
	var asked time.Time // zero: nothing is asked
	for {
		select {
		case <-ended:
			return
		case now := <-tick.C:
			silent := since(now, s.received.Load()) > long
			switch {
			case !silent:
				asked = time.Time{}
			case asked.IsZero():
				asked = now
				_, _ = s.control(NewBody(testRequest).Text(tagTestReqID, "are you there")) // a dead connection shows in receive
			case now.Sub(asked) > long:
				_ = s.conn.Close() // ends receive
				return
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
