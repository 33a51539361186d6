package fixwire

import (
	"errors"
	"fmt"
	"time"
)

// receive handles messages until the connection or the session ends.
func (s *Session) receive() error {
	for {
		err := s.in.Next(&s.message)
		if errors.Is(err, ErrGarbled) {
			continue // and its number is missed by the message after it
		}
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		s.received.Store(time.Now().UnixNano())
		if err := s.inSequence(); err != nil {
			return err
		}
	}
}

// inSequence applies the rules for MsgSeqNum (FIX 4.4, volume 2): what is due is handled, what has been is ignored if
// it says so, and after a gap nothing counts until the gap has been sent again.
func (s *Session) inSequence() error {
	m := &s.message
	if m.Kind == sequenceReset && !m.flag(tagGapFill) {
		return s.skipTo() // a reset goes before all order
	}
	_, due := s.journal.Next()
	switch {
	case m.Seq == due:
		s.resending = false
		if err := s.journal.expect(due + 1); err != nil {
			return err
		}
		return s.dispatch()
	case m.Seq < due && m.flag(tagPossDup):
		return nil
	case m.Seq < due:
		text := fmt.Sprintf("MsgSeqNum too low, expecting %d but received %d", due, m.Seq)
		_, _ = s.control(NewBody(logout).Text(tagText, text)) // the session ends either way
		return fmt.Errorf("%w: %d, due is %d", errTooLow, m.Seq, due)
	}
	return s.afterGap(due)
}

// afterGap asks once for what is missing. A ResendRequest is answered at once, lest both sides wait for each other.
func (s *Session) afterGap(due int) error {
	switch s.message.Kind {
	case resendRequest:
		if err := s.resend(); err != nil {
			return err
		}
	case logout:
		return s.loggedOut()
	}
	if s.resending {
		return nil
	}
	return s.askFor(due)
}

func (s *Session) askFor(begin int) error {
	s.resending = true
	_, err := s.control(NewBody(resendRequest).Int(tagBeginSeqNo, begin).Int(tagEndSeqNo, 0)) // 0: all there are
	return err
}

func (s *Session) dispatch() error {
	switch s.message.Kind {
	case heartbeat, logon:
		return nil
	case testRequest:
		_, err := s.control(NewBody(heartbeat).Text(tagTestReqID, s.message.Text(tagTestReqID)))
		return err
	case resendRequest:
		return s.resend()
	case sequenceReset:
		return s.skipTo()
	case logout:
		return s.loggedOut()
	}
	s.handle(&s.message)
	return nil
}

// skipTo obeys a SequenceReset, which never leads back.
func (s *Session) skipTo() error {
	next, ok := s.message.Int(tagNewSeqNo)
	_, due := s.journal.Next()
	if !ok || next < due {
		return fmt.Errorf("SequenceReset to %q, due is %d", s.message.Get(tagNewSeqNo), due)
	}
	s.resending = false
	return s.journal.expect(next)
}

func (s *Session) loggedOut() error {
	if !s.leaving.Load() {
		_, _ = s.control(NewBody(logout)) // the answer is a courtesy
	}
	return fmt.Errorf("%w: %s", ErrLoggedOut, s.message.Text(tagText))
}

// resend sends again what the peer asks for: application messages as they were, marked as possible duplicates, and one
// gap fill for each run of others.
func (s *Session) resend() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next, _ := s.journal.Next()
	begin, ok := s.message.Int(tagBeginSeqNo)
	if !ok || begin < 1 {
		return fmt.Errorf("ResendRequest from %q", s.message.Get(tagBeginSeqNo))
	}
	end := next - 1
	if asked, ok := s.message.Int(tagEndSeqNo); ok && asked > 0 {
		end = min(end, asked)
	}
	gap := begin
	for seq := begin; seq <= end; seq++ {
		e, found := s.journal.find(seq)
		if !found {
			continue
		}
		if err := s.fill(gap, seq); err != nil {
			return err
		}
		gap = seq + 1
		if err := s.put(Header{Seq: seq, Sent: time.Now(), Original: e.time}, e.kind, e.fields); err != nil {
			return err
		}
	}
	return s.fill(gap, end+1)
}

// fill says that the numbers from begin up to, and without, end hold nothing to send again.
func (s *Session) fill(begin, end int) error {
	if begin >= end {
		return nil
	}
	now := time.Now()
	fields := NewBody(sequenceReset).Text(tagGapFill, "Y").Int(tagNewSeqNo, end).fields
	return s.put(Header{Seq: begin, Sent: now, Original: now}, sequenceReset, fields)
}
