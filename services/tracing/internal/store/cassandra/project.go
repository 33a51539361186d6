package cassandra

import (
	"context"
	"errors"
	"strconv"

	"github.com/gocql/gocql"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
)

// project makes the spans and indexes of records. It may be repeated: each row is named by what it is about.
//
// The more of a story's records come together, the less it costs: most rows are one for each story, not for each record.
func (s *Store) project(ctx context.Context, records []journal.Record) error {
	if len(records) == 0 {
		return nil
	}
	session, err := s.connect(ctx)
	if err != nil {
		return err
	}
	stories := byStory(records)
	known, err := summaries(ctx, session, stories)
	if err != nil {
		return failed("make spans and indexes", err)
	}
	w := &writes{session: session, group: newGroup(ctx, writing)}
	var spans []span.Span
	for story, some := range stories {
		s.addPlaces(w, some)
		s.addSummary(w, known[story], known[story].Summarize(some...))
		for _, r := range some {
			spans = append(spans, span.Of(r))
		}
	}
	s.addSpans(w, spans)
	w.send()
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

// summaries returns what is known of the stories that began before these records.
func summaries(ctx context.Context, session *gocql.Session, stories map[string][]journal.Record) (map[string]journal.Summary, error) {
	found := newBasket[journal.Summary]()
	g := newGroup(ctx, writing)
	for story, records := range stories {
		if records[0].Causation == "" {
			continue
		}
		g.do(func(ctx context.Context) error {
			summary, err := readSummary(ctx, session, story)
			if errors.Is(err, gocql.ErrNotFound) {
				return nil
			}
			found.add(summary)
			return err
		})
	}
	err := g.wait()
	known := map[string]journal.Summary{}
	for _, summary := range found.all {
		known[summary.Correlation] = summary
	}
	return known, err
}

// together names the rows that are only about one story.
func together(story string) string { return "story " + story }

// addPlaces adds where the records of a story lie. They are of one day.
func (s *Store) addPlaces(w *writes, records []journal.Record) {
	numbers, ids := make([]int64, len(records)), make([]string, len(records))
	for i, r := range records {
		numbers[i], ids[i] = r.Seq, r.ID
	}
	first := records[0]
	w.add(together(first.Correlation), "INSERT INTO story (correlation, first_seq, day, numbers, ids) VALUES (?, ?, ?, ?, ?) USING TTL ?",
		first.Correlation, first.Seq, int(first.Day), numbers, ids, ttl(s.keep.Journal))
}

// addSummary adds the summary of a story, and the entries by which it is found, where they are not there yet.
func (s *Store) addSummary(w *writes, known, now journal.Summary) {
	keep := ttl(s.keep.Index)
	add := func(with, statement string, values ...any) {
		w.add(with, statement+" USING TTL ?", append(values, keep)...)
	}
	story, started := now.Correlation, micro(now.Started)
	add(together(story), `INSERT INTO summary (correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		story, now.Trace, now.Entry, now.Client, now.Provider, now.Reference, started, micro(now.Ended), now.Outcome, now.Failed, now.Services)
	began := !known.Started.Equal(now.Started)
	if began {
		day, chain := int(event.DayOf(now.Started)), journal.ChainOf(story)
		add("start "+strconv.Itoa(day)+" "+strconv.Itoa(chain), "INSERT INTO by_start (day, chain, started, correlation) VALUES (?, ?, ?, ?)", day, chain, started, story)
	}
	if now.Client != "" && (began || known.Client != now.Client) {
		add("client "+now.Client, "INSERT INTO by_client (client, started, correlation) VALUES (?, ?, ?)", now.Client, started, story)
	}
	if now.Reference != "" && known.Reference != now.Reference {
		add(together(story), "INSERT INTO by_reference (reference, correlation) VALUES (?, ?)", now.Reference, story)
	}
}

func readSummary(ctx context.Context, session *gocql.Session, correlation string) (f journal.Summary, err error) {
	var started, ended int64
	err = session.Query("SELECT correlation, trace, entry, client, provider, reference, started, ended, outcome, failed, services FROM summary WHERE correlation = ?", correlation).
		WithContext(ctx).Scan(&f.Correlation, &f.Trace, &f.Entry, &f.Client, &f.Provider, &f.Reference, &started, &ended, &f.Outcome, &f.Failed, &f.Services)
	f.Started, f.Ended = instant(started), instant(ended)
	return f, err
}
