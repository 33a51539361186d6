package fixwire

import (
	"errors"
	"fmt"
	"time"
)

// logon sends a Logon and waits for the peer's Logon.
func (s *Session) logon() error {
	if s.cfg.Reset {
		if err := s.journal.reset(); err != nil {
			return err
		}
	}
	if _, err := s.control(s.logonBody()); err != nil {
		return err
	}
	if err := s.conn.SetReadDeadline(time.Now().Add(logonBound)); err != nil {
		return err
	}
	if err := s.in.Next(&s.message); err != nil {
		return fmt.Errorf("no answer to Logon: %w", err)
	}
	switch s.message.Kind {
	case logon:
		return s.accepted()
	case logout:
		return fmt.Errorf("%w: %s", ErrLoggedOut, s.message.Text(tagText))
	}
	return fmt.Errorf("the answer to Logon is a message of type %s", s.message.Kind)
}

func (s *Session) logonBody() *Body {
	b := NewBody(logon).Int(tagEncryptMethod, 0).Int(tagHeartBtInt, int(s.cfg.Heartbeat.Seconds()))
	if s.cfg.Reset {
		b.Text(tagResetSeqNum, "Y")
	}
	if s.cfg.Username != "" {
		b.Text(tagUsername, s.cfg.Username)
	}
	if s.cfg.Password != "" {
		b.Text(tagPassword, s.cfg.Password)
	}
	if s.cfg.Begin == FIXT11 {
		b.Text(tagApplVerID, fix50S2)
	}
	return b
}

// accepted checks the sequence number of the peer's Logon. If messages before it are missing, it asks for them.
func (s *Session) accepted() error {
	if err := s.conn.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	s.received.Store(time.Now().UnixNano())
	_, due := s.journal.Next()
	switch {
	case s.message.Seq > due:
		return s.askFor(due)
	case s.message.Seq < due:
		return fmt.Errorf("%w: Logon has %d, due is %d", errTooLow, s.message.Seq, due)
	}
	return s.journal.expect(due + 1)
}

var errTooLow = errors.New("MsgSeqNum too low")
