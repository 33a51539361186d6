package cassandra

import (
	"context"

	"github.com/gocql/gocql"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// Known implements [store.Appender]. Most messages are new, which costs the server a look into a Bloom filter.
func (s *Store) Known(ctx context.Context, events []store.Place) (map[store.Place]bool, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	stories := map[string][]string{}
	for _, e := range events {
		stories[e.Correlation] = append(stories[e.Correlation], e.ID)
	}
	found := newBasket[store.Place]()
	g := newGroup(ctx)
	for story, ids := range stories {
		g.do(func(ctx context.Context) error {
			var id string
			iter := session.Query("SELECT id FROM story WHERE correlation = ? AND id IN ?", story, ids).WithContext(ctx).Iter()
			for iter.Scan(&id) {
				found.add(store.Place{Correlation: story, ID: id})
			}
			return iter.Close()
		})
	}
	if err := g.wait(); err != nil {
		return nil, failed("look for known messages", err)
	}
	known := map[store.Place]bool{}
	for _, p := range found.all {
		known[p] = true
	}
	return known, nil
}

// Append implements [store.Appender]. Each chunk is a light-weight transaction on one partition.
func (s *Store) Append(ctx context.Context, chunks []store.Chunk) error {
	session, err := s.connect(ctx)
	if err != nil {
		return err
	}
	g := newGroup(ctx)
	for _, c := range chunks {
		g.do(func(ctx context.Context) error { return s.appendChunk(ctx, session, c) })
	}
	if err := g.wait(); err != nil {
		return failed("append to the journal", err)
	}
	var records []journal.Record
	for _, c := range chunks {
		records = append(records, c.Records...)
	}
	if err := s.project(ctx, records); err != nil {
		return err
	}
	g = newGroup(ctx)
	for _, c := range chunks {
		if len(c.Records) > 0 {
			g.do(func(ctx context.Context) error { return s.noteProjected(ctx, c.Next) })
		}
	}
	return g.wait()
}

const insertRecord = `INSERT INTO journal (day, chain, seq, correlation, id, causation, traceparent, type, origin, source, time, started,
	client, provider, reference, code, text, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (s *Store) appendChunk(ctx context.Context, session *gocql.Session, c store.Chunk) error {
	b := session.NewBatch(gocql.UnloggedBatch).WithContext(ctx)
	b.Query("UPDATE journal SET head_seq = ?, head_hash = ?, head_offset = ? WHERE day = ? AND chain = ? IF head_seq = ? AND head_offset = ? AND closed = null",
		c.Next.Seq, c.Next.Hash, c.Next.Offset, int(c.Head.Day), c.Head.Chain, c.Head.Seq, c.Head.Offset)
	for _, r := range c.Records {
		b.Query(insertRecord, int(r.Day), r.Chain, r.Seq, r.Correlation, r.ID, r.Causation, r.Traceparent, r.Type, r.Origin, r.Source,
			micro(r.Time), micro(r.Started), r.Client, r.Provider, r.Reference, r.Code, r.Text, r.Payload, r.Hash)
	}
	applied, iter, err := session.MapExecuteBatchCAS(b, map[string]any{})
	if iter != nil {
		_ = iter.Close()
	}
	if err == nil && !applied {
		err = store.ErrMoved
	}
	return err
}
