package cassandra

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
)

// page is how many records are read at once.
const page = 500

func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(micro int64) time.Time {
	if micro == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

const recordColumns = "day, chain, seq, correlation, id, causation, traceparent, type, origin, source, time, started, client, provider, reference, code, text, payload, hash"

// scanRecord reads the next row; false if there is none.
func scanRecord(rows *gocql.Iter) (r journal.Record, ok bool) {
	var day int
	var seq *int64 // a partition without records has one row, with the head alone
	var at, started int64
	for rows.Scan(&day, &r.Chain, &seq, &r.Correlation, &r.ID, &r.Causation, &r.Traceparent, &r.Type, &r.Origin, &r.Source, &at, &started,
		&r.Client, &r.Provider, &r.Reference, &r.Code, &r.Text, &r.Payload, &r.Hash) {
		if seq == nil {
			continue
		}
		r.Day, r.Seq, r.Time, r.Started = event.Day(day), *seq, instant(at), instant(started)
		return r, true
	}
	return journal.Record{}, false
}

// Records implements [store.Auditor]. What a replica has written behind the head under the present claim is no record yet.
func (s *Store) Records(ctx context.Context, p journal.Part) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for r, err := range s.records(ctx, p.Day, p.Chain, math.MinInt64, p.LastSeq) {
			if !yield(r, err) || err != nil {
				return
			}
		}
		for r, err := range s.records(ctx, p.Day, p.Chain, p.LastSeq, math.MaxInt64) {
			added := true
			if err == nil {
				added, err = s.added(ctx, p, r)
			}
			if (added || err != nil) && !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// added reports whether a record behind the head is there, and not written under the claim that the chain has by now.
func (s *Store) added(ctx context.Context, p journal.Part, r journal.Record) (bool, error) {
	h, err := s.head(ctx, p.Chain, p.Day)
	if err != nil {
		return false, err
	}
	var at int64
	err = s.session.Query("SELECT WRITETIME(hash) FROM journal WHERE day = ? AND chain = ? AND seq = ?", int(p.Day), p.Chain, r.Seq).WithContext(ctx).Scan(&at)
	if errors.Is(err, gocql.ErrNotFound) { // a new claim has removed it meanwhile
		return false, nil
	}
	return p.Anchored || at != h.Claim.At, failed("read when a record was written", err)
}

// records reads the records of a chain's day whose numbers are greater than after, and at most upTo.
func (s *Store) records(ctx context.Context, day event.Day, chain int, after, upTo int64) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		session, err := s.connect(ctx)
		if err != nil {
			yield(journal.Record{}, err)
			return
		}
		rows := session.Query("SELECT "+recordColumns+" FROM journal WHERE day = ? AND chain = ? AND seq > ? AND seq <= ?", int(day), chain, after, upTo).
			WithContext(ctx).PageSize(page).Iter()
		for r, ok := scanRecord(rows); ok; r, ok = scanRecord(rows) {
			if !yield(r, nil) {
				_ = rows.Close()
				return
			}
		}
		if err := rows.Close(); err != nil {
			yield(journal.Record{}, failed("read the journal", err))
		}
	}
}

// Parts implements [store.Auditor].
func (s *Store) Parts(ctx context.Context, chain int) ([]journal.Part, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	var parts []journal.Part
	var day int
	var first journal.Part
	var lastSeq *int64
	rows := session.Query("SELECT day, first_seq, first_hash, last_seq, last_hash FROM part WHERE chain = ? ORDER BY day ASC", chain).WithContext(ctx).Iter()
	for rows.Scan(&day, &first.FirstSeq, &first.FirstHash, &lastSeq, &first.LastHash) {
		first.Chain, first.Day, first.Anchored = chain, event.Day(day), lastSeq != nil
		if lastSeq != nil {
			first.LastSeq = *lastSeq
		}
		parts = append(parts, first)
		first, lastSeq = journal.Part{}, nil
	}
	if err := rows.Close(); err != nil {
		return nil, failed("list the days of a chain", err)
	}
	for i, p := range parts {
		if p.Anchored {
			continue
		}
		h, err := s.head(ctx, chain, p.Day)
		if err != nil {
			return nil, err
		}
		parts[i].LastSeq, parts[i].LastHash = h.Seq, h.Hash
	}
	return parts, nil
}

// Story implements [store.Reader].
func (s *Store) Story(ctx context.Context, correlation string) ([]journal.Record, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	chain := journal.ChainOf(correlation)
	days := map[int][]int64{}
	var day int
	var numbers []int64
	rows := session.Query("SELECT day, numbers FROM story WHERE correlation = ?", correlation).WithContext(ctx).Iter()
	for rows.Scan(&day, &numbers) {
		days[day] = append(days[day], numbers...)
	}
	if err := rows.Close(); err != nil {
		return nil, failed("find a story", err)
	}
	var records []journal.Record
	for day, numbers := range days {
		slices.Sort(numbers)
		for some := range slices.Chunk(slices.Compact(numbers), recordsAtOnce) { // two rows may name a record, if its chunk was interrupted
			rows := session.Query("SELECT "+recordColumns+" FROM journal WHERE day = ? AND chain = ? AND seq IN ?", day, chain, some).WithContext(ctx).Iter()
			for r, ok := scanRecord(rows); ok; r, ok = scanRecord(rows) {
				if r.Correlation == correlation { // a record that a killed server has lost: its number is that of another one by now
					records = append(records, r)
				}
			}
			if err := rows.Close(); err != nil {
				return nil, failed("read a story", err)
			}
		}
	}
	slices.SortFunc(records, func(a, b journal.Record) int { return cmp.Compare(a.Seq, b.Seq) })
	return records, nil
}
