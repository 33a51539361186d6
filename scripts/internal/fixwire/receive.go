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
			continue // the next message shows that its number is missing
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

// inSequence applies the rules for MsgSeqNum (FIX 4.4, volume 2). It handles the message that is due, and ignores an
// earlier one that is marked as a possible duplicate. An unmarked earlier one ends the session. After a gap it
// ignores messages until the peer has sent the missing ones.
func (s *Session) inSequence() error {
	m := &s.message
	if m.Kind == sequenceReset && !m.flag(tagGapFill) {
		return s.skipTo() // a reset applies at any number
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

// afterGap handles a message whose number is too high: it asks once for the missing ones. It answers a ResendRequest at
// once, because otherwise both sides would wait for each other. A Logout ends the session.
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
	_, err := s.control(NewBody(resendRequest).Int(tagBeginSeqNo, begin).Int(tagEndSeqNo, 0)) // 0: up to the last one
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

// skipTo follows a SequenceReset. A reset to a lower number is an error.
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
		_, _ = s.control(NewBody(logout)) // an answer that the peer may not wait for
	}
	return fmt.Errorf("%w: %s", ErrLoggedOut, s.message.Text(tagText))
}

// resend answers a ResendRequest. It sends application messages again, marked as possible duplicates, and a gap fill
// for each run of other messages.
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

// fill sends a gap fill: the numbers from begin to end-1 have nothing to resend.
func (s *Session) fill(begin, end int) error {
	if begin >= end {
		return nil
	}
	now := time.Now()
	fields := NewBody(sequenceReset).Text(tagGapFill, "Y").Int(tagNewSeqNo, end).fields
	return s.put(Header{Seq: begin, Sent: now, Original: now}, sequenceReset, fields)
}
