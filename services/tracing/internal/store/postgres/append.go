package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// Head implements [store.Appender].
func (s Store) Head(ctx context.Context, chain int, today event.Day) (h journal.Head, err error) {
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		h, err = headOf(ctx, tx, chain, today)
		return err
	})
	return h, failed("read a chain's head", err)
}

// headOf locks the head of a chain for the day, and begins the day if it has not begun.
func headOf(ctx context.Context, tx pgx.Tx, chain int, today event.Day) (h journal.Head, err error) {
	if _, err := tx.Exec(ctx, `with new as (insert into head (chain, day, seq, hash, position) values ($1, $2, 0, '', -1) on conflict do nothing returning chain, day)
		insert into part (chain, day, first_seq, first_hash) select chain, day, 0, '' from new`, chain, today); err != nil {
		return h, err
	}
	if h, err = lockHead(ctx, tx, chain); err != nil || h.Day >= today {
		return h, err
	}
	h.Day = today
	return h, turn(ctx, tx, h)
}

func lockHead(ctx context.Context, tx pgx.Tx, chain int) (journal.Head, error) {
	h := journal.Head{Chain: chain}
	err := tx.QueryRow(ctx, "select day, seq, hash, position from head where chain = $1 for update", chain).Scan(&h.Day, &h.Seq, &h.Hash, &h.Offset)
	return h, err
}

// turn ends the chain's last day with its anchor, and begins the day of h.
func turn(ctx context.Context, tx pgx.Tx, h journal.Head) error {
	_, err := tx.Exec(ctx, "update part set last_seq = $2, last_hash = $3, anchored_at = now() where chain = $1 and last_seq is null", h.Chain, h.Seq, h.Hash)
	if err == nil {
		_, err = tx.Exec(ctx, "insert into part (chain, day, first_seq, first_hash) values ($1, $2, $3, $4)", h.Chain, h.Day, h.Seq, h.Hash)
	}
	if err == nil {
		_, err = tx.Exec(ctx, "update head set day = $2 where chain = $1", h.Chain, h.Day)
	}
	return err
}

// Known implements [store.Appender].
func (s Store) Known(ctx context.Context, events []store.Place) (map[store.Place]bool, error) {
	return known(ctx, s.Pool, events)
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func known(ctx context.Context, db querier, events []store.Place) (map[store.Place]bool, error) {
	stories, ids := make([]string, len(events)), make([]string, len(events))
	for i, e := range events {
		stories[i], ids[i] = e.Correlation, e.ID
	}
	rows, err := db.Query(ctx, `select j.correlation, j.id from unnest($1::text[], $2::text[]) as e(correlation, id)
		join journal j on j.correlation = e.correlation collate "C" and j.id = e.id collate "C"`, stories, ids)
	if err != nil {
		return nil, failed("look for known messages", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[store.Place])
	known := make(map[store.Place]bool, len(found))
	for _, p := range found {
		known[p] = true
	}
	return known, failed("look for known messages", err)
}

// Append implements [store.Appender], in one transaction for all chunks. If the server loses the transaction in a crash, the heads
// are lost with it, and the messages come again from the stream: so the commit need not wait for the disk.
func (s Store) Append(ctx context.Context, chunks []store.Chunk) error {
	slices.SortFunc(chunks, func(a, b store.Chunk) int { return cmp.Compare(a.Head.Chain, b.Head.Chain) }) // locks in one order
	var records []journal.Record
	for _, c := range chunks {
		records = append(records, c.Records...)
	}
	err := pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "set local synchronous_commit = off"); err != nil {
			return err
		}
		if err := move(ctx, tx, chunks); err != nil {
			return err
		}
		if err := copyRecords(ctx, tx, records); err != nil {
			return err
		}
		return summarize(ctx, tx, records)
	})
	return failed("append to the journal", err)
}

// move moves the heads, each if it is where it was.
func move(ctx context.Context, tx pgx.Tx, chunks []store.Chunk) error {
	b := &pgx.Batch{}
	for _, c := range chunks {
		b.Queue("update head set seq = $4, hash = $5, position = $6 where chain = $1 and seq = $2 and position = $3 and day = $7",
			c.Head.Chain, c.Head.Seq, c.Head.Offset, c.Next.Seq, notNil(c.Next.Hash), c.Next.Offset, c.Head.Day)
	}
	results := tx.SendBatch(ctx, b)
	for range chunks {
		tag, err := results.Exec()
		if err == nil && tag.RowsAffected() != 1 {
			err = store.ErrMoved
		}
		if err != nil {
			return errors.Join(err, results.Close())
		}
	}
	return results.Close()
}

func copyRecords(ctx context.Context, tx pgx.Tx, records []journal.Record) error {
	if len(records) == 0 {
		return nil
	}
	columns := []string{
		"chain", "seq", "day", "correlation", "id", "causation", "traceparent", "type", "origin", "source", "time", "started",
		"client", "provider", "reference", "code", "text", "payload", "hash",
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"journal"}, columns, pgx.CopyFromSlice(len(records), func(i int) ([]any, error) {
		r := records[i]
		return []any{
			r.Chain, r.Seq, int(r.Day), r.Correlation, r.ID, r.Causation, r.Traceparent, r.Type, r.Origin, r.Source, orNull(r.Time), orNull(r.Started),
			r.Client, r.Provider, r.Reference, r.Code, r.Text, notNil(r.Payload), r.Hash,
		}, nil
	}))
	return err
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Truncate(time.Microsecond)
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// summarizeSQL writes all stories of a batch, which are hundreds, in one statement. Services are joined by the character that no name of a service
// has, and stay in the order in which they took part.
const summarizeSQL = `insert into summary as s (correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services)
	select correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, string_to_array(services, '/')
	from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::boolean[],
		$11::text[]) as n (correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services)
	on conflict (correlation) do update set
	entry = case when s.entry = '' then excluded.entry else s.entry end, client = case when s.client = '' then excluded.client else s.client end,
	provider = case when s.provider = '' then excluded.provider else s.provider end,
	reference = case when s.reference = '' then excluded.reference else s.reference end,
	started = least(s.started, excluded.started), ended = greatest(s.ended, excluded.ended),
	outcome = case when excluded.outcome = '' then s.outcome else excluded.outcome end, failed = s.failed or excluded.failed,
	services = case when s.services @> excluded.services then s.services
		else array(select service from unnest(s.services || excluded.services) with ordinality as u (service, place) group by service order by min(place)) end`

// summarize brings the stories of the records up to date. The chains' heads are locked, so nobody else changes these stories.
func summarize(ctx context.Context, tx pgx.Tx, records []journal.Record) error {
	if len(records) == 0 {
		return nil
	}
	var correlations, traces, entries, clients, providers, references, outcomes, services []string
	var started, ended []time.Time
	var failures []bool
	for _, s := range stories(records) {
		correlations, traces, entries = append(correlations, s.Correlation), append(traces, s.Trace), append(entries, s.Entry)
		clients, providers, references = append(clients, s.Client), append(providers, s.Provider), append(references, s.Reference)
		started, ended, outcomes = append(started, s.Started), append(ended, s.Ended), append(outcomes, s.Outcome)
		failures, services = append(failures, s.Failed), append(services, strings.Join(s.Services, "/"))
	}
	_, err := tx.Exec(ctx, summarizeSQL, correlations, traces, entries, clients, providers, references, started, ended, outcomes, failures, services)
	return err
}

// stories summarizes what the records tell of each story.
func stories(records []journal.Record) []journal.Summary {
	place := map[string]int{}
	var all []journal.Summary
	for _, r := range records {
		i, known := place[r.Correlation]
		if !known {
			i = len(all)
			place[r.Correlation], all = i, append(all, journal.Summary{})
		}
		all[i] = all[i].Summarize(r)
	}
	return all
}
