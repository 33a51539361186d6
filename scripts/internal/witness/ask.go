package witness

import (
	"context"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/oracle"
)

// Ask records a request and sends it. It waits for a session, and returns an error only if ctx ends before there is
// one. If the connection fails, the request is in the session's journal, and the peer receives it with the next
// session's resend. Only one goroutine at a time may call Ask.
func (w *Witness) Ask(ctx context.Context, s oracle.Sent, b *fixwire.Body) error {
	session, err := w.connected(ctx)
	if err != nil {
		return err
	}
	s.Session, s.At = w.cfg.Sender, w.now()
	w.record.Sent(s)
	w.mu.Lock()
	w.sending = s.Reference
	w.mu.Unlock()
	if !s.Again {
		w.expect(s.Reference)
	}
	seq, _ := session.Send(b) // without the lock, because an answer may arrive during the call
	w.mu.Lock()
	w.bySeq[seq] = s.Reference
	w.mu.Unlock()
	return nil
}

// receive records an answer and passes it to handle. The session layer has already removed repeats.
func (w *Witness) receive(m *fixwire.Message) {
	a, ok := read(m)
	if !ok {
		return
	}
	a.Run, a.Session, a.At = w.name, w.cfg.Sender, w.now()
	w.mu.Lock()
	if a.Reference == "" { // a Reject (3) refers to the message only by its number: RefSeqNum (45)
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
