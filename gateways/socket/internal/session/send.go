package session

import (
	"fmt"

	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/message"
)

// Send gives an answer its number and stores it with its cause. It also writes into the answer up to which number requests
// were received. The provider's connection, this one or the next, sends the answer when it is durable. Errors: those of the
// store; then nothing was stored.
func (s *Session) Send(answer []byte, cause *store.Cause) error {
	if err := cause.Check(); err != nil {
		return err
	}
	s.sending.Lock()
	defer s.sending.Unlock()
	return s.append(answer, cause)
}

// append gives an answer its number and stores it. The caller holds s.sending.
func (s *Session) append(answer []byte, cause *store.Cause) error {
	message.SetReceived(answer, uint64(s.Store.In.Safe(cause.Confirms)))
	number := s.Store.Out.Next()
	s.Store.Out.Attach(cause)
	if err := s.Store.Out.Append(number, answer); err != nil {
		return fmt.Errorf("send to %s: %w", s.provider.ID, err)
	}
	s.recent.add(number, answer)
	s.note(number, answer, cause)
	return nil
}

// note updates the undecided requests after an answer was stored.
func (s *Session) note(number int, answer []byte, cause *store.Cause) {
	switch kind, id := message.Story(answer); {
	case cause.Correlation != "":
		s.undecided.decided(cause.Correlation)
	case id == "":
	case kind == message.TypePending:
		if s.Untold(id) { // an earlier holder has taken the request
			s.undecided.add(id)
		}
		s.undecided.told(number, id)
	default:
		s.undecided.answered(id)
	}
	s.Store.Out.SetRecall(s.undecided.since(number + 1))
}

// Untold reports whether a trade or line check is not decided, and no holder of the session that this one knows of has taken its
// request.
func (s *Session) Untold(id string) bool { return !s.undecided.has(id) }

// say sends an answer that belongs to no trade or line check.
func (s *Session) say(a message.Answer, cause *store.Cause) error {
	payload, err := message.AppendAnswer(nil, a)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return s.Send(payload, cause)
}
