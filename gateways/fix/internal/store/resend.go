package store

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fxcore/gateways/fix/internal/wire"
)

//go:embed queries/messages.sql
var messagesQuery string

const (
	resendChunk = 500              // messages read at once
	resendBound = 10 * time.Second // for each chunk
)

// GetMessages returns the messages with numbers from begin to end. It is part of the engine's interface; the engine
// itself iterates.
func (s *Session) GetMessages(begin, end int) ([][]byte, error) {
	var all [][]byte
	err := s.IterateMessages(begin, end, func(msg []byte) error {
		all = append(all, msg)
		return nil
	})
	return all, err
}

// IterateMessages calls send with each message from begin to end, in order: those in Postgres, and those that still
// wait to be written there. Meanwhile nothing else is sent, see Live.
//
// Where the last ones are missing, since they were purged, send gets an admin message with the last number: the engine
// fills gaps up to what it is handed, and would answer nothing at all to a request for nothing but the past.
func (s *Session) IterateMessages(begin, end int, send func([]byte) error) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	waiting, first, generation := s.waiting(begin, end)
	last, err := s.iterateStored(generation, begin, min(end, first-1), send)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if err := send(r.body); err != nil {
			return err
		}
		last = r.seq
	}
	if begin <= end && last < end {
		return send(s.placeholder(end))
	}
	return nil
}

// waiting returns the messages of a range that are not known to be stored, and the number of the first such message.
func (s *Session) waiting(begin, end int) (found []record, first, generation int) {
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

// iterateStored reads in chunks, and sends each before the next is read: sending waits for the provider.
func (s *Session) iterateStored(generation, begin, end int, send func([]byte) error) (last int, err error) {
	last = begin - 1
	for last < end {
		chunk, err := s.read(generation, last+1, end)
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

func (s *Session) read(generation, begin, end int) ([]record, error) {
	ctx, cancel := context.WithTimeout(context.Background(), resendBound)
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

// placeholder is a heartbeat with a number.
func (s *Session) placeholder(seq int) []byte {
	version, _, _ := strings.Cut(s.name, ":")
	return wire.Build(version, []byte("35=0\x0134="+strconv.Itoa(seq)+"\x01"))
}
