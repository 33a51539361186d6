package store

import (
	"context"
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

// Attach ties the next message that is saved to its cause; nil says that it has none. Who sends must see to it that
// nothing comes between the two.
func (s *Session) Attach(c *Cause) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attached = c
}

// Append queues a message for the writer, counts it, and returns. Errors: ErrFenced, ErrBacklog.
func (s *Session) Append(seq int, msg []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.save(seq, msg); err != nil {
		return err
	}
	s.row.nextOut = seq + 1
	return nil
}

// Recall is the number of the message from which on the next holder has to read what it must remember; 0 if nobody has said.
func (s *Session) Recall() (from int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.recallFrom
}

// SetRecall says what Recall tells the next holder. It is stored with the next message.
func (s *Session) SetRecall(from int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.recallFrom = from
}

// Save queues a message without counting it. Errors: ErrFenced, ErrBacklog.
func (s *Session) Save(seq int, msg []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save(seq, msg)
}

// save queues a message with its cause. The caller holds mu.
func (s *Session) save(seq int, msg []byte) error {
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
		s.release(cause.Generation, cause.Confirms)
		cause.position = s.saved
	}
	s.queue = append(s.queue, one)
	s.bytes += len(msg)
	s.signal()
	return nil
}

// Wait returns once the messages of all causes are durable. Errors: ErrFenced, the context's.
func (s *Session) Wait(ctx context.Context, causes []*Cause) error {
	var position uint64
	for _, c := range causes {
		position = max(position, c.position)
	}
	return s.until(ctx, func() bool { return s.committed >= position })
}

// Covered tells whether the message with this number may go: it is durable.
//
// A number beyond the last one saved belongs to the generation before: the session has begun again while the message
// was on its way. It was saved before that, so it is durable as soon as the new beginning is.
func (s *Session) Covered(seq int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.covers(seq)
}

// WaitCovered returns once Covered. Errors: ErrFenced, the context's.
func (s *Session) WaitCovered(ctx context.Context, seq int) error {
	return s.until(ctx, func() bool { return s.covers(seq) })
}

func (s *Session) covers(seq int) bool {
	return s.covered.generation == s.row.generation && (seq <= s.covered.seq || seq >= s.row.nextOut)
}

// until waits for a condition, which is looked at under mu.
func (s *Session) until(ctx context.Context, condition func() bool) error {
	for {
		s.mu.Lock()
		fine, ended, changed := condition(), s.ended, s.changed
		s.mu.Unlock()
		switch {
		case fine:
			return nil
		case ended != nil:
			return ended
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the store: %w", ctx.Err())
		}
	}
}

// Live runs f, which sends a message, while no messages are being sent again: the two would be mixed.
func (s *Session) Live(f func() error) error {
	s.sending.RLock()
	defer s.sending.RUnlock()
	return f()
}
