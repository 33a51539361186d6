package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// AuditHead returns the end of the audit's chain, for the given day.
func (s Store) AuditHead(ctx context.Context, today event.Day) (journal.Head, error) {
	return s.Head(ctx, journal.AuditChain, today)
}

// AppendAudit appends what the audit's chain lacks, and moves its head to the offset, in one transaction that is on disk when AppendAudit
// returns. Any number of replicas may append the same. It returns how many entries were new.
func (s Store) AppendAudit(ctx context.Context, today event.Day, offset int64, all []store.Audited) (appended int, err error) {
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		h, err := headOf(ctx, tx, journal.AuditChain, today)
		if err != nil || offset <= h.Offset {
			return err
		}
		fresh, err := missing(ctx, tx, h, all)
		if err != nil {
			return err
		}
		records := make([]journal.Record, len(fresh))
		for i, a := range fresh {
			records[i] = a.Record
		}
		next := h.Append(records, offset)
		for i := range fresh {
			fresh[i].Entry.Seq = records[i].Seq
		}
		if err := move(ctx, tx, []store.Chunk{{Head: h, Next: next}}); err != nil {
			return err
		}
		if err := copyRecords(ctx, tx, records); err != nil {
			return err
		}
		appended = len(fresh)
		return copyEntries(ctx, tx, fresh)
	})
	return appended, failed("append to the audit", err)
}

// missing leaves out what the chain has already.
func missing(ctx context.Context, tx pgx.Tx, h journal.Head, all []store.Audited) (fresh []store.Audited, err error) {
	places := make([]store.Place, len(all))
	for i, a := range all {
		places[i] = store.Place{Correlation: a.Record.Correlation, ID: a.Record.ID}
	}
	seen, err := known(ctx, tx, places)
	for i, a := range all {
		if a.Offset > h.Offset && !seen[places[i]] {
			seen[places[i]] = true
			fresh = append(fresh, a)
		}
	}
	return fresh, err
}

const entryColumns = "seq, at, what, outcome, who, address, about, why, count, since, source, id"

func copyEntries(ctx context.Context, tx pgx.Tx, all []store.Audited) error {
	if len(all) == 0 {
		return nil
	}
	columns := []string{"seq", "at", "what", "outcome", "who", "address", "about", "why", "count", "since", "source", "id"}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"audit"}, columns, pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
		e := all[i].Entry
		return []any{e.Seq, e.At, e.What, e.Outcome, e.Who, e.Address, e.About, e.Why, e.Count, e.Since, e.Source, e.ID}, nil
	}))
	return err
}

// Audit returns the newest entries that fit, the newest first.
func (s Store) Audit(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, error) {
	where, args := auditConditions(q)
	rows, err := s.Pool.Query(ctx, "select "+entryColumns+" from audit"+where+fmt.Sprintf(" order by seq desc limit %d", q.Limit), args...)
	if err != nil {
		return nil, failed("search the audit", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e store.AuditEntry, err error) {
		err = row.Scan(&e.Seq, &e.At, &e.What, &e.Outcome, &e.Who, &e.Address, &e.About, &e.Why, &e.Count, &e.Since, &e.Source, &e.ID)
		e.At = e.At.UTC()
		if e.Since != nil {
			since := e.Since.UTC()
			e.Since = &since
		}
		return e, err
	})
	return found, failed("search the audit", err)
}

func auditConditions(q store.AuditQuery) (string, []any) {
	var c condition
	c.add(q.What != "", "(what = ? or starts_with(what, ? || '.'))", q.What)
	c.add(q.Who != "", "who = ?", q.Who)
	c.add(q.Address != "", "address = ?", q.Address)
	c.add(q.About != "", "position(? in about) > 0", q.About)
	c.add(q.Outcome != "", "outcome = ?", q.Outcome)
	c.add(!q.From.IsZero(), "at >= ?", q.From)
	c.add(!q.To.IsZero(), "at < ?", q.To)
	c.add(q.Before > 0, "seq < ?", q.Before)
	return c.where(), c.args
}

// Recent returns how many entries of a kind there are since a time.
func (s Store) Recent(ctx context.Context, what string, since time.Time) (n int, err error) {
	err = s.Pool.QueryRow(ctx, "select count(*) from audit where what = $1 and at >= $2", what, since).Scan(&n)
	return n, failed("count entries of the audit", err)
}

// ForgetAudit removes what is older than its retention: at least a year, whatever keep says. The newest ended day stays.
func (s Store) ForgetAudit(ctx context.Context, keep time.Duration, now time.Time) error {
	if keep <= 0 {
		return nil
	}
	_, err := s.Pool.Exec(ctx, "select forget_audit($1)", day(now.Add(-keep)))
	return failed("forget old entries of the audit", err)
}
