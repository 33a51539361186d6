package postgres

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
	"fxcore/services/tracing/internal/store"
)

const recordColumns = `day, chain, seq, correlation, id, causation, traceparent, type, origin, source, time, started, client, provider, reference, code, text, payload, hash`

func scanRecord(row pgx.CollectableRow) (r journal.Record, err error) {
	var at, started *time.Time
	err = row.Scan(&r.Day, &r.Chain, &r.Seq, &r.Correlation, &r.ID, &r.Causation, &r.Traceparent, &r.Type, &r.Origin, &r.Source, &at, &started,
		&r.Client, &r.Provider, &r.Reference, &r.Code, &r.Text, &r.Payload, &r.Hash)
	if at != nil {
		r.Time = at.UTC()
	}
	if started != nil {
		r.Started = started.UTC()
	}
	return r, err
}

// Story implements [store.Reader].
func (s Store) Story(ctx context.Context, correlation string) ([]journal.Record, error) {
	rows, err := s.Pool.Query(ctx, "select "+recordColumns+" from journal where correlation = $1 order by chain, seq", correlation)
	if err != nil {
		return nil, failed("read a story", err)
	}
	records, err := pgx.CollectRows(rows, scanRecord)
	return records, failed("read a story", err)
}

// Spans implements [store.Reader]. Every record is a span, so none is kept besides.
func (s Store) Spans(ctx context.Context, trace string) ([]span.Span, error) {
	var spans []span.Span
	rows, err := s.Pool.Query(ctx, "select correlation from summary where trace = $1", trace)
	if err != nil {
		return nil, failed("find a trace", err)
	}
	stories, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, failed("find a trace", err)
	}
	for _, story := range stories {
		records, err := s.Story(ctx, story)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			spans = append(spans, span.Of(r))
		}
	}
	return spans, nil
}

// Search implements [store.Reader].
func (s Store) Search(ctx context.Context, q store.Query) ([]journal.Summary, error) {
	where, args := conditions(q)
	rows, err := s.Pool.Query(ctx, `select correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services from summary`+
		where+fmt.Sprintf(" order by started desc limit %d", q.Limit), args...)
	if err != nil {
		return nil, failed("search stories", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f journal.Summary, err error) {
		err = row.Scan(&f.Correlation, &f.Trace, &f.Entry, &f.Client, &f.Provider, &f.Reference, &f.Started, &f.Ended, &f.Outcome, &f.Failed, &f.Services)
		f.Started, f.Ended = f.Started.UTC(), f.Ended.UTC()
		return f, err
	})
	return found, failed("search stories", err)
}

// conditions returns the condition of a query and its arguments.
func conditions(q store.Query) (string, []any) {
	var c condition
	c.add(q.Correlation != "", "correlation = ?", q.Correlation)
	c.add(q.Reference != "", "reference = ?", q.Reference)
	c.add(q.Client != "", "client = ?", q.Client)
	c.add(!q.From.IsZero(), "started >= ?", q.From)
	c.add(!q.To.IsZero(), "started < ?", q.To)
	c.add(q.Service != "", "? = any(services)", q.Service)
	c.add(q.Outcome != "", "(outcome = ? or failed and ? = 'failed')", q.Outcome)
	c.add(q.Longer > 0, "ended - started >= make_interval(secs => ?)", q.Longer.Seconds())
	return c.where(), c.args
}

// condition is what rows must fulfil, and its arguments.
type condition struct {
	all  []string
	args []any
}

// add adds a condition with one argument, for which ? stands, if it is sought.
func (c *condition) add(sought bool, text string, value any) {
	if sought {
		c.args = append(c.args, value)
		c.all = append(c.all, strings.ReplaceAll(text, "?", fmt.Sprint("$", len(c.args))))
	}
}

func (c *condition) where() string {
	if len(c.all) == 0 {
		return ""
	}
	return " where " + strings.Join(c.all, " and ")
}

// Parts implements [store.Auditor].
func (s Store) Parts(ctx context.Context, chain int) ([]journal.Part, error) {
	rows, err := s.Pool.Query(ctx, `select p.chain, p.day, p.first_seq, p.first_hash, coalesce(p.last_seq, h.seq), coalesce(p.last_hash, h.hash), p.last_seq is not null
		from part p join head h using (chain) where p.chain = $1 order by p.day`, chain)
	if err != nil {
		return nil, failed("list the days of a chain", err)
	}
	parts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[journal.Part])
	return parts, failed("list the days of a chain", err)
}

// page is how many records the verifier has in memory.
const page = 1000

// Records implements [store.Auditor].
func (s Store) Records(ctx context.Context, p journal.Part) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for after := int64(-1 << 62); ; {
			rows, err := s.Pool.Query(ctx, "select "+recordColumns+" from journal where chain = $1 and day = $2 and seq > $3 order by seq limit $4",
				p.Chain, int(p.Day), after, page)
			if err != nil {
				yield(journal.Record{}, failed("read the journal", err))
				return
			}
			records, err := pgx.CollectRows(rows, scanRecord)
			if err != nil {
				yield(journal.Record{}, failed("read the journal", err))
				return
			}
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
				after = r.Seq
			}
			if len(records) < page {
				return
			}
		}
	}
}
