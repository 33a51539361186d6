package store

import (
	"runtime"
	"time"

	"github.com/quickfixgo/quickfix"
)

var (
	_ quickfix.MessageStore        = (*Session)(nil)
	_ quickfix.MessageStoreFactory = (*Session)(nil)
)

// Create hands the store to its engine.
func (s *Session) Create(quickfix.SessionID) (quickfix.MessageStore, error) { return s, nil }

// NextSenderMsgSeqNum is the number of the next message to the provider.
func (s *Session) NextSenderMsgSeqNum() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextOut
}

// NextTargetMsgSeqNum is the number that the provider's next message must have.
func (s *Session) NextTargetMsgSeqNum() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextIn
}

// IncrNextSenderMsgSeqNum skips a number.
func (s *Session) IncrNextSenderMsgSeqNum() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setNextOut(s.row.nextOut + 1)
}

// SetNextSenderMsgSeqNum sets the number of the next message to the provider.
func (s *Session) SetNextSenderMsgSeqNum(next int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setNextOut(next)
}

func (s *Session) setNextOut(next int) error {
	s.row.nextOut = next
	s.touch()
	return s.ended
}

// CreationTime tells when the session began at 1.
//
// It also gives way to other goroutines, which looks like nothing and is worth a factor of two hundred: with messages to
// send, the engine's loop spins until its writer goroutine takes one (quickfixgo v0.9.10, session.sendBytes), which the
// spinning keeps it from doing. The loop comes by here in every turn, before it takes any lock.
func (s *Session) CreationTime() time.Time {
	runtime.Gosched()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.row.created.IsZero() {
		return time.Now() // not open: an old time would make the engine begin the session again
	}
	return s.row.created
}

// SetCreationTime is of no use here: a generation's beginning is part of ids.
func (s *Session) SetCreationTime(time.Time) {}

// Refresh does nothing: between Open and the end, what is in memory is ahead of what is stored, never behind.
func (s *Session) Refresh() error { return nil }

// Reset begins the session again at 1: a new generation. Answers that wait to be written are written with their old
// numbers; a provider that resets gives up what it has not been sent.
func (s *Session) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation++
	s.row.created = beginning()
	s.row.nextIn, s.row.nextOut = 1, 1
	s.held = nil
	s.touch()
	s.signal()
	return s.ended
}

// Close does nothing: the writer's context ends it.
func (s *Session) Close() error { return nil }

// beginning is now, as exactly as Postgres keeps it.
func beginning() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
