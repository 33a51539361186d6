package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// group is what one write and one sync make durable.
type group struct {
	bytes  []byte
	places map[key]place
	order  []outcome
}

type outcome struct {
	done  func(Entry, error)
	entry Entry
	err   error
}

// commit books a group: decide each in order, write, sync, and only then answer.
func (l *Ledger) commit(submissions []submission) error {
	g := group{places: make(map[key]place, len(submissions))}
	for _, s := range submissions {
		entry, err := l.decide(&g, s)
		g.order = append(g.order, outcome{s.done, entry, err})
	}
	if err := l.persist(g); err != nil {
		for _, o := range g.order {
			o.done(Entry{}, err)
		}
		return err
	}
	for _, o := range g.order {
		o.done(o.entry, o.err)
	}
	return nil
}

// decide finds the trade in the book or in the group, or adds it to the group.
func (l *Ledger) decide(g *group, s submission) (Entry, error) {
	digest := sha256.Sum256(s.request)
	id := keyOf(s.tradeID)
	known, found := g.places[id]
	if !found {
		known, found = l.booked[id] // Run is the only writer: it may read without the lock
	}
	switch {
	case found && known.digest != digest:
		return Entry{}, ErrConflict
	case found:
		return Entry{Reference: reference(known.number), BookedAt: time.UnixMicro(known.bookedAt).UTC(), Again: true}, nil
	}
	return l.add(g, s, id, digest)
}

func (l *Ledger) add(g *group, s submission, id key, digest [sha256.Size]byte) (Entry, error) {
	trade, err := s.trade()
	if err != nil {
		return Entry{}, err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	p := place{
		number: int64(len(l.booked) + len(g.places) + 1), offset: l.size + int64(len(g.bytes)),
		digest: digest, bookedAt: now.UnixMicro(),
	}
	line, err := json.Marshal(Line{
		Reference: reference(p.number), BookedAt: now, TradeID: s.tradeID,
		Digest: hex.EncodeToString(digest[:]), Trade: trade,
	})
	if err != nil {
		return Entry{}, fmt.Errorf("encode booking: %w", err)
	}
	p.length = int32(len(line)) + 1
	g.bytes = append(append(g.bytes, line...), '\n')
	g.places[id] = p
	return Entry{Reference: reference(p.number), BookedAt: now}, nil
}

func (l *Ledger) persist(g group) error {
	if len(g.bytes) == 0 {
		return nil
	}
	if _, err := l.file.Write(g.bytes); err != nil {
		return err
	}
	if err := l.file.Sync(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.size += int64(len(g.bytes))
	for id, p := range g.places {
		l.booked[id] = p
	}
	return nil
}

// remember takes a line of the file into memory.
func (l *Ledger) remember(text []byte) error {
	var line Line
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	p := place{number: int64(len(l.booked) + 1), offset: l.size, length: int32(len(text)), bookedAt: line.BookedAt.UnixMicro()}
	digest, err := hex.DecodeString(line.Digest)
	if err != nil || len(digest) != len(p.digest) || line.Reference != reference(p.number) {
		return fmt.Errorf("booking %s: digest or reference is not what was written", line.TradeID)
	}
	copy(p.digest[:], digest)
	l.booked[keyOf(line.TradeID)] = p
	l.size += int64(len(text))
	return nil
}

// reference is the host's number of a booking: the n-th that arrived.
func reference(n int64) string { return fmt.Sprintf("B%011d", n) }
