package witness

import (
	"context"
	"time"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/oracle"
)

// Ask writes a request down and sends it, once there is a session. An error of the connection is none of the request: it
// lies in the session's journal and goes out with the next session's resend. One goroutine at a time may ask.
func (w *Witness) Ask(ctx context.Context, s oracle.Sent, b *fixwire.Body) error {
	session, err := w.connected(ctx)
	if err != nil {
		return err
	}
	s.Session, s.At = w.cfg.Sender, time.Now()
	w.record.Sent(s)
	w.mu.Lock()
	w.sending = s.Reference
	w.mu.Unlock()
	if !s.Again {
		w.expect(s.Reference)
	}
	seq, _ := session.Send(b) // without the lock: the core may send while we do
	w.mu.Lock()
	w.bySeq[seq] = s.Reference
	w.mu.Unlock()
	return nil
}

// receive writes an answer down and hands it on. What the session layer has filtered never comes here.
func (w *Witness) receive(m *fixwire.Message) {
	a, ok := read(m)
	if !ok {
		return
	}
	a.Run, a.Session, a.At = w.name, w.cfg.Sender, time.Now()
	w.mu.Lock()
	if a.Reference == "" { // a Reject (3) knows the message by its number alone: RefSeqNum (45)
		refused, _ := m.Int(45)
		if a.Reference = w.bySeq[refused]; a.Reference == "" {
			a.Reference = w.sending
		}
	}
	w.record.Received(a)
	if a.State == oracle.Accepted || a.State == oracle.Rejected || a.State == oracle.Refused {
		w.settle(a.Reference)
	}
	w.mu.Unlock()
	w.handle(a, m)
}
