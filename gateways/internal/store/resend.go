package store

import (
	"context"
	_ "embed"
	"fmt"
	"time"
)

//go:embed queries/messages.sql
var messagesQuery string

const (
	resendChunk = 500              // messages read at once
	resendBound = 10 * time.Second // for each chunk
)

// Replay calls send with each message from number begin to number end, in order: first those in Postgres, then those that
// still wait for the writer. Purged messages are missing. At the end Replay calls rest with the number of the last message
// that it sent, or begin-1 if it sent none. Until Replay returns, no other message is sent, see Live.
func (s Kept) Replay(begin, end int, send func(msg []byte) error, rest func(last int) error) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	waiting, first, generation := s.waiting(begin, end)
	last, err := s.replayStored(generation, begin, min(end, first-1), send)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if err := send(r.body); err != nil {
			return err
		}
		last = r.seq
	}
	return rest(last)
}

// waiting returns the messages from begin to end that are not known to be stored, and the generation. first is the
// lowest number of all messages that are not known to be stored, also outside begin to end. If there are none, it is the
// number of the next message.
func (s *session) waiting(begin, end int) (found []record, first, generation int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first = s.row.nextOut
	for _, records := range [][]record{s.writing, s.queue} {
		for _, r := range records {
			if r.generation != s.row.generation {
				continue
			}
			first = min(first, r.seq)
			if r.seq >= begin && r.seq <= end {
				found = append(found, r)
			}
		}
	}
	return found, first, s.row.generation
}

// replayStored reads a chunk, sends it, and then reads the next one, so that a slow provider does not fill the memory.
func (s *session) replayStored(generation, begin, end int, send func([]byte) error) (last int, err error) {
	last = begin - 1
	for last < end {
		chunk, err := s.read(context.Background(), generation, last+1, end)
		if err != nil {
			return last, err
		}
		if len(chunk) == 0 {
			return last, nil
		}
		for _, r := range chunk {
			if err := send(r.body); err != nil {
				return last, err
			}
			last = r.seq
		}
	}
	return last, nil
}

func (s *session) read(ctx context.Context, generation, begin, end int) ([]record, error) {
	ctx, cancel := context.WithTimeout(ctx, resendBound)
	defer cancel()
	rows, err := s.pool.Query(ctx, messagesQuery, s.row.id, generation, begin, end, resendChunk)
	if err != nil {
		return nil, fmt.Errorf("read messages of %s: %w", s.name, err)
	}
	defer rows.Close()
	var chunk []record
	for rows.Next() {
		var r record
		if err := rows.Scan(&r.seq, &r.body); err != nil {
			return nil, fmt.Errorf("read messages of %s: %w", s.name, err)
		}
		chunk = append(chunk, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read messages of %s: %w", s.name, err)
	}
	return chunk, nil
}
