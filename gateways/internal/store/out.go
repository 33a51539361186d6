package store

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

// Cause is what an outgoing message answers. It is stored in the same commit as the message.
type Cause struct {
	Event       string // ID of the event that the message tells; empty if none
	Correlation string // the trade or line check whose final answer it is; empty if it is none
	Confirms    int    // incoming MsgSeqNum that it shows to be safe with the broker; 0 if none
	Generation  int    // of Confirms

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
}

func (r record) sent() Sent { return Sent{Generation: r.generation, Seq: r.seq, Body: r.body} }

// Check tells whether the IDs are such as can be stored.
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

// Next is the number of the next message to the provider.
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

// Attach ties the next message that is saved to its cause; nil says that it has none. The caller makes sure that nothing
// else is saved in between.
func (s Outgoing) Attach(c *Cause) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attached = c
}

// Append queues a message for the writer, counts it, and returns. Errors: ErrFenced, ErrBacklog.
func (s Outgoing) Append(seq int, msg []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.save(seq, msg); err != nil {
		return err
	}
	s.row.nextOut = seq + 1
	return nil
}

// Save queues a message without counting it. Errors: ErrFenced, ErrBacklog.
func (s Outgoing) Save(seq int, msg []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save(seq, msg)
}

// SetRecall says what Kept.Recall tells the next holder. It is stored with the next message.
func (s Outgoing) SetRecall(from int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.recallFrom = from
}

// Live runs f, which sends a message, while no messages are being sent again: the two would be mixed.
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
		one.event, one.answer = cause.event, cause.answer
		s.confirm(cause.Generation, cause.Confirms)
		cause.position = s.saved
	}
	s.queue = append(s.queue, one)
	s.bytes += len(msg)
	s.signal()
	return nil
}
