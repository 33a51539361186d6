package store

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

// Cause says what an outgoing message answers. It is stored in the same commit as the message.
type Cause struct {
	Event       string // id of the event that led to the message; empty if none
	Correlation string // id of the trade or line check, if the message is its final answer; else empty
	About       string // id of the trade or line check of which the message tells, if it answers Event; else empty. It is not stored
	Confirms    int    // number of the incoming message that the broker has, as this message tells; 0 if none
	Generation  int    // of Confirms and Refuses
	Repeat      bool   // Event is a repeat: it waits no more, see Repeats

	// Refuses is the number of the incoming message that this message refuses, and that counts as received; 0 if none. The message is
	// found again by Incoming.Refused. Content is what identifies it, see there.
	Refuses int
	Content []byte

	Notice *Notice // tells of the message; nil if nothing does

	position uint64
	event    pgtype.UUID
	answer   pgtype.UUID
}

// record is one message on its way to the store.
type record struct {
	generation int
	seq        int
	body       []byte
	event      pgtype.UUID
	answer     pgtype.UUID
	repeat     bool
	notice     *Notice
}

func (r record) sent() Sent { return Sent{Generation: r.generation, Seq: r.seq, Body: r.body} }

// Check returns an error if an id is not a UUID. Call it before Attach: it also parses the ids.
func (c *Cause) Check() error {
	if err := parse(&c.event, c.Event); err != nil {
		return err
	}
	return parse(&c.answer, c.Correlation)
}

func parse(id *pgtype.UUID, text string) error {
	if text == "" {
		return nil
	}
	if err := id.Scan(text); err != nil {
		return fmt.Errorf("id %q: %w", text, err)
	}
	return nil
}

// Next returns the number of the next message to the provider.
func (s Outgoing) Next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextOut
}

// SetNext sets the number of the next message to the provider. Error: ErrFenced.
func (s Outgoing) SetNext(next int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.nextOut = next
	s.touch()
	return s.ended
}

// Attach sets the cause of the next message that is saved; nil means that it has none. The caller makes sure that no other
// message is saved in between.
func (s Outgoing) Attach(c *Cause) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attached = c
}

// Append queues a message for the writer and sets Next to the number after it. It does not wait. Errors: ErrFenced,
// ErrBacklog.
func (s Outgoing) Append(seq int, msg []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.save(seq, msg); err != nil {
		return err
	}
	s.row.nextOut = seq + 1
	return nil
}

// Save queues a message for the writer and leaves Next as it is. Errors: ErrFenced, ErrBacklog.
func (s Outgoing) Save(seq int, msg []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save(seq, msg)
}

// SetRecall sets the number that Kept.Recall returns to the next holder. It is stored with the next message.
func (s Outgoing) SetRecall(from int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.recallFrom = from
}

// Live runs f, which sends a message. It waits for a Replay to end first, so that new messages do not mix with repeated
// ones.
func (s Outgoing) Live(f func() error) error {
	s.sending.RLock()
	defer s.sending.RUnlock()
	return f()
}

// save queues a message with its cause. The caller holds mu.
func (s *session) save(seq int, msg []byte) error {
	cause := s.attached
	s.attached = nil
	switch {
	case s.ended != nil:
		return s.ended
	case len(s.queue)+len(s.writing) >= hardRecords || s.bytes+len(msg) > hardBytes:
		return ErrBacklog
	}
	one := record{generation: s.row.generation, seq: seq, body: msg}
	s.saved++
	if cause != nil {
		one.event, one.answer, one.repeat, one.notice = cause.event, cause.answer, cause.Repeat, cause.Notice
		s.confirm(cause.Generation, cause.Confirms)
		s.refuse(cause)
		cause.position = s.saved
	}
	s.queue = append(s.queue, one)
	s.bytes += len(msg)
	s.signal()
	return nil
}
