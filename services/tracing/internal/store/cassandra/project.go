package cassandra

import (
	"context"
	"errors"

	"github.com/gocql/gocql"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
)

// project makes the spans and indexes of records. It may be repeated: each row is named by what it is about.
func (s *Store) project(ctx context.Context, records []journal.Record) error {
	if len(records) == 0 {
		return nil
	}
	session, err := s.connect(ctx)
	if err != nil {
		return err
	}
	w := &writes{session: session, group: newGroup(ctx)}
	var spans []span.Span
	for _, r := range records {
		spans = append(spans, span.Of(r))
		w.add("story "+r.Correlation, "INSERT INTO story (correlation, id, day, chain, seq) VALUES (?, ?, ?, ?, ?) USING TTL ?",
			r.Correlation, r.ID, int(r.Day), r.Chain, r.Seq, ttl(s.keep.Journal))
	}
	s.addSpans(w, spans)
	w.send()
	for _, part := range byStory(records) {
		w.group.do(func(ctx context.Context) error { return s.summarize(ctx, session, part) })
	}
	return failed("make spans and indexes", w.group.wait())
}

// byStory groups records by their stories, each in its order.
func byStory(records []journal.Record) map[string][]journal.Record {
	stories := map[string][]journal.Record{}
	for _, r := range records {
		stories[r.Correlation] = append(stories[r.Correlation], r)
	}
	return stories
}

// summarize brings the summary of a story up to date.
func (s *Store) summarize(ctx context.Context, session *gocql.Session, records []journal.Record) error {
	var known journal.Summary
	if records[0].Causation != "" { // the story began before
		var err error
		if known, err = readSummary(ctx, session, records[0].Correlation); err != nil && !errors.Is(err, gocql.ErrNotFound) {
			return err
		}
	}
	now := known.Summarize(records...)
	keep := ttl(s.keep.Index)
	err := session.Query(`INSERT INTO summary (correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?`,
		now.Correlation, now.Trace, now.Entry, now.Client, now.Provider, now.Reference, micro(now.Started), micro(now.Ended), now.Outcome, now.Failed, now.Services, keep).
		WithContext(ctx).Exec()
	if err != nil {
		return err
	}
	return index(ctx, session, known, now, keep)
}

// index makes the entries by which a story is found, where they are not there yet.
func index(ctx context.Context, session *gocql.Session, known, now journal.Summary, keep int) error {
	insert := func(statement string, values ...any) error {
		return session.Query(statement+" USING TTL ?", append(values, keep)...).WithContext(ctx).Exec()
	}
	began := !known.Started.Equal(now.Started)
	var err error
	if began {
		err = errors.Join(
			insert("INSERT INTO by_start (day, chain, started, correlation) VALUES (?, ?, ?, ?)",
				int(event.DayOf(now.Started)), journal.ChainOf(now.Correlation), micro(now.Started), now.Correlation),
			insert("INSERT INTO by_trace (trace, correlation) VALUES (?, ?)", now.Trace, now.Correlation))
	}
	if now.Client != "" && (began || known.Client != now.Client) {
		err = errors.Join(err, insert("INSERT INTO by_client (client, started, correlation) VALUES (?, ?, ?)", now.Client, micro(now.Started), now.Correlation))
	}
	if now.Reference != "" && known.Reference != now.Reference {
		err = errors.Join(err, insert("INSERT INTO by_reference (reference, correlation) VALUES (?, ?)", now.Reference, now.Correlation))
	}
	return err
}

func readSummary(ctx context.Context, session *gocql.Session, correlation string) (f journal.Summary, err error) {
	var started, ended int64
	err = session.Query("SELECT correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services FROM summary WHERE correlation = ?", correlation).
		WithContext(ctx).Scan(&f.Correlation, &f.Trace, &f.Entry, &f.Client, &f.Provider, &f.Reference, &started, &ended, &f.Outcome, &f.Failed, &f.Services)
	f.Started, f.Ended = instant(started), instant(ended)
	return f, err
}
