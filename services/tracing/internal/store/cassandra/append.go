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

// How many stories, and how many records of a partition, one statement looks for.
const (
	storiesAtOnce = 50
	recordsAtOnce = 50
)

// Known implements [store.Appender]. Most messages are new, which costs the server a look into a Bloom filter. What a story names is looked for in
// the journal: a killed server may have lost records and kept the row that names them.
func (s *Store) Known(ctx context.Context, events []store.Place) (map[store.Place]bool, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	asked, stories := map[store.Place]bool{}, map[string]bool{}
	for _, e := range events {
		asked[e], stories[e.Correlation] = true, true
	}
	named := newBasket[namedRecord]()
	g := newGroup(ctx, writing)
	for some := range slices.Chunk(slices.Collect(maps.Keys(stories)), storiesAtOnce) {
		g.do(func(ctx context.Context) error {
			rows := session.Query("SELECT correlation, day, numbers, ids FROM story WHERE correlation IN ?", some).WithContext(ctx).Iter()
			var story string
			var day int
			var numbers []int64
			var ids []string
			for rows.Scan(&story, &day, &numbers, &ids) {
				for i, id := range ids {
					if place := (store.Place{Correlation: story, ID: id}); asked[place] {
						named.add(namedRecord{place, day, numbers[i]})
					}
				}
			}
			return rows.Close()
		})
	}
	if err := g.wait(); err != nil {
		return nil, failed("look for known messages", err)
	}
	known, err := there(ctx, session, named.all)
	return known, failed("look for known messages", err)
}

// namedRecord is where the record of an event lies, as the event's story says.
type namedRecord struct {
	store.Place
	day    int
	number int64
}

// there returns which of the events are in the journal where their stories say.
func there(ctx context.Context, session *gocql.Session, named []namedRecord) (map[store.Place]bool, error) {
	type partition struct{ day, chain int }
	numbers, places := map[partition][]int64{}, map[partition]map[int64]store.Place{}
	for _, n := range named {
		p := partition{n.day, journal.ChainOf(n.Correlation)}
		if places[p] == nil {
			places[p] = map[int64]store.Place{}
		}
		numbers[p], places[p][n.number] = append(numbers[p], n.number), n.Place
	}
	found := newBasket[store.Place]()
	g := newGroup(ctx, writing)
	for p := range numbers {
		for some := range slices.Chunk(numbers[p], recordsAtOnce) {
			g.do(func(ctx context.Context) error {
				rows := session.Query("SELECT seq, correlation, id FROM journal WHERE day = ? AND chain = ? AND seq IN ?", p.day, p.chain, some).WithContext(ctx).Iter()
				var number int64
				var is store.Place
				for rows.Scan(&number, &is.Correlation, &is.ID) {
					if is == places[p][number] {
						found.add(is)
					}
				}
				return rows.Close()
			})
		}
	}
	err := g.wait()
	known := map[store.Place]bool{}
	for _, place := range found.all {
		known[place] = true
	}
	return known, err
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
