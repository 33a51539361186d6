package cassandra

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/gocql/gocql"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// storiesAtOnce is how many stories one statement looks for.
const storiesAtOnce = 50

// Known implements [store.Appender]. Most messages are new, which costs the server a look into a Bloom filter.
func (s *Store) Known(ctx context.Context, events []store.Place) (map[store.Place]bool, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	asked, stories := map[store.Place]bool{}, map[string]bool{}
	for _, e := range events {
		asked[e], stories[e.Correlation] = true, true
	}
	found := newBasket[store.Place]()
	g := newGroup(ctx, writing)
	for some := range slices.Chunk(slices.Collect(maps.Keys(stories)), storiesAtOnce) {
		g.do(func(ctx context.Context) error {
			var story string
			var ids []string
			rows := session.Query("SELECT correlation, ids FROM story WHERE correlation IN ?", some).WithContext(ctx).Iter()
			for rows.Scan(&story, &ids) {
				for _, id := range ids {
					found.add(store.Place{Correlation: story, ID: id})
				}
			}
			return rows.Close()
		})
	}
	if err := g.wait(); err != nil {
		return nil, failed("look for known messages", err)
	}
	known := map[store.Place]bool{}
	for _, p := range found.all {
		if asked[p] {
			known[p] = true
		}
	}
	return known, nil
}

// Append implements [store.Appender]. A light-weight transaction costs several times its size, so the records of a chunk are written
// before it, and it moves the head alone.
func (s *Store) Append(ctx context.Context, chunks []store.Chunk) error {
	session, err := s.connect(ctx)
	if err != nil {
		return err
	}
	if err := s.appendChunks(ctx, session, chunks); err != nil {
		return failed("append to the journal", err)
	}
	var records []journal.Record
	for _, c := range chunks {
		records = append(records, c.Records...)
	}
	if err := s.project(ctx, records); err != nil {
		return err
	}
	g := newGroup(ctx, writing)
	for _, c := range chunks {
		if len(c.Records) > 0 {
			g.do(func(ctx context.Context) error { return s.noteProjected(ctx, c.Next) })
		}
	}
	return g.wait()
}

func (s *Store) appendChunks(ctx context.Context, session *gocql.Session, chunks []store.Chunk) error {
	if err := s.writeRecords(ctx, session, chunks); err != nil {
		return err
	}
	g := newGroup(ctx, writing)
	for _, c := range chunks {
		g.do(func(ctx context.Context) error { return moveHead(ctx, session, c) })
	}
	return g.wait()
}

const insertRecord = `INSERT INTO journal (day, chain, seq, correlation, id, causation, traceparent, type, origin, source, time, started,
	client, provider, reference, code, text, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func recordValues(r journal.Record) []any {
	return []any{
		int(r.Day), r.Chain, r.Seq, r.Correlation, r.ID, r.Causation, r.Traceparent, r.Type, r.Origin, r.Source,
		micro(r.Time), micro(r.Started), r.Client, r.Provider, r.Reference, r.Code, r.Text, r.Payload, r.Hash,
	}
}

// writeRecords writes the records of chunks behind their heads, under the claims of the chunks.
func (s *Store) writeRecords(ctx context.Context, session *gocql.Session, chunks []store.Chunk) error {
	w := &writes{session: session, group: newGroup(ctx, writing)}
	for _, c := range chunks {
		partition := strconv.Itoa(c.Head.Chain)
		for _, r := range c.Records {
			w.add(partition, insertRecord+" USING TIMESTAMP ?", append(recordValues(r), c.Head.Claim.At)...)
		}
	}
	w.send()
	return w.group.wait()
}

// moveHead moves the head behind the chunk's records, if the claim still holds.
func moveHead(ctx context.Context, session *gocql.Session, c store.Chunk) error {
	h := c.Head
	moved, err := session.Query(`UPDATE journal SET head_seq = ?, head_hash = ?, head_offset = ? WHERE day = ? AND chain = ?
		IF claim = ? AND head_seq = ? AND head_offset = ? AND closed = null`,
		c.Next.Seq, c.Next.Hash, c.Next.Offset, int(h.Day), h.Chain, h.Claim.Number, h.Seq, h.Offset).WithContext(ctx).MapScanCAS(map[string]any{})
	if err == nil && !moved {
		err = store.ErrMoved
	}
	return err
}
