package cassandra

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
	"fxcore/services/tracing/internal/store"
)

// The bounds of a search that goes through stories by their time.
const (
	maxDays   = 31    // the newest of the asked ones
	maxLooked = 5_000 // stories that are looked at for one answer
)

// Search implements [store.Reader]. It finds candidates by the best index and looks at their summaries. By client it looks at
// the newest maxLooked stories, by time at those of maxDays.
func (s *Store) Search(ctx context.Context, q store.Query) ([]journal.Summary, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if q.To.IsZero() {
		q.To = time.Now().Add(time.Hour)
	}
	var found []journal.Summary
	switch {
	case q.Correlation != "":
		found, err = s.fitting(ctx, session, q, []string{q.Correlation})
	case q.Reference != "":
		found, err = s.listed(ctx, session, q, "SELECT correlation FROM by_reference WHERE reference = ? LIMIT ?", q.Reference, maxLooked)
	case q.Client != "":
		found, err = s.listed(ctx, session, q, "SELECT correlation FROM by_client WHERE client = ? AND started >= ? AND started < ? LIMIT ?",
			q.Client, from(q), micro(q.To), maxLooked)
	default:
		found, err = s.byTime(ctx, session, q)
	}
	slices.SortFunc(found, func(a, b journal.Summary) int { return b.Started.Compare(a.Started) })
	return found[:min(len(found), q.Limit)], failed("search stories", err)
}

func from(q store.Query) int64 { return micro(q.From) }

// listed returns the stories that a statement names and that fit.
func (s *Store) listed(ctx context.Context, session *gocql.Session, q store.Query, statement string, values ...any) ([]journal.Summary, error) {
	var all []string
	var one string
	rows := session.Query(statement, values...).WithContext(ctx).Iter()
	for rows.Scan(&one) {
		all = append(all, one)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	return s.fitting(ctx, session, q, all)
}

// fitting reads the summaries of stories, in their order, until enough of them fit.
func (s *Store) fitting(ctx context.Context, session *gocql.Session, q store.Query, stories []string) ([]journal.Summary, error) {
	var fit []journal.Summary
	for some := range slices.Chunk(stories, max(inFlight, min(q.Limit, 200))) {
		found := newBasket[journal.Summary]()
		g := newGroup(ctx, inFlight)
		for _, story := range some {
			g.do(func(ctx context.Context) error {
				summary, err := readSummary(ctx, session, story)
				if err == nil && q.Fits(summary) {
					found.add(summary)
				}
				if errors.Is(err, gocql.ErrNotFound) {
					return nil
				}
				return err
			})
		}
		if err := g.wait(); err != nil {
			return nil, err
		}
		if fit = append(fit, found.all...); len(fit) >= q.Limit && q.Reference == "" {
			break
		}
	}
	return fit, nil
}

// byTime goes back day by day.
func (s *Store) byTime(ctx context.Context, session *gocql.Session, q store.Query) ([]journal.Summary, error) {
	var found []journal.Summary
	last := event.DayOf(q.To)
	first := max(event.DayOf(q.From), last-min(last, maxDays-1))
	for day := last; ; day-- {
		stories, err := s.ofDay(ctx, session, q, day)
		if err != nil {
			return nil, err
		}
		fit, err := s.fitting(ctx, session, q, stories)
		if err != nil {
			return nil, err
		}
		if found = append(found, fit...); len(found) >= q.Limit || day == first {
			return found, nil
		}
	}
}

type begun struct {
	at    int64
	story string
}

// ofDay returns the stories that began on a day, the newest first.
func (s *Store) ofDay(ctx context.Context, session *gocql.Session, q store.Query, day event.Day) ([]string, error) {
	all := newBasket[begun]()
	g := newGroup(ctx, inFlight)
	for chain := range chains {
		g.do(func(ctx context.Context) error {
			var one begun
			rows := session.Query("SELECT started, correlation FROM by_start WHERE day = ? AND chain = ? AND started >= ? AND started < ? LIMIT ?",
				int(day), chain, from(q), micro(q.To), maxLooked/chains).WithContext(ctx).Iter()
			for rows.Scan(&one.at, &one.story) {
				all.add(one)
			}
			return rows.Close()
		})
	}
	if err := g.wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(all.all, func(a, b begun) int { return cmp.Compare(b.at, a.at) })
	stories := make([]string, len(all.all))
	for i, b := range all.all {
		stories[i] = b.story
	}
	return stories, nil
}

// Spans implements [store.Reader]: from Jaeger's table.
func (s *Store) Spans(ctx context.Context, trace string) ([]span.Span, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	id, err := hex.DecodeString(trace)
	if err != nil {
		return nil, nil //nolint:nilerr // no trace has such a name
	}
	var spans []span.Span
	var row struct {
		id, parent, at, took int64
		name                 string
		tags                 []keyvalue
		by                   process
	}
	rows := session.Query("SELECT span_id, parent_id, operation_name, start_time, duration, tags, process FROM traces WHERE trace_id = ?", id).WithContext(ctx).Iter()
	for rows.Scan(&row.id, &row.parent, &row.name, &row.at, &row.took, &row.tags, &row.by) {
		one := span.Span{
			Trace: trace, ID: hexadecimal(row.id), Parent: hexadecimal(row.parent), Name: row.name, Service: row.by.ServiceName,
			Start: instant(row.at), Duration: time.Duration(row.took) * time.Microsecond,
		}
		for _, t := range append(row.by.Tags, row.tags...) {
			readTag(&one, t)
		}
		spans = append(spans, one)
		row.tags, row.by = nil, process{}
	}
	return spans, failed("read the spans", rows.Close())
}

func readTag(s *span.Span, t keyvalue) {
	fields := map[string]*string{
		tagMessage: &s.Message, tagCorrelation: &s.Correlation, tagClient: &s.Client, tagReference: &s.Reference, tagCode: &s.Code, tagText: &s.Text,
		tagInstance: &s.Instance,
	}
	if field := fields[t.Key]; field != nil {
		*field = t.ValueString
	}
	if t.Key == tagError {
		s.Failed = t.ValueBool
	}
}

func hexadecimal(id int64) string {
	if id == 0 {
		return ""
	}
	var b [8]byte
	for i := range b {
		b[i] = byte(uint64(id) >> (56 - 8*i))
	}
	return hex.EncodeToString(b[:])
}
