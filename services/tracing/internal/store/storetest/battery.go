// Package storetest is the battery of tests that every store of tracing must pass.
package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
	"fxcore/services/tracing/internal/store"
)

// Bench is a store with what a test may do to it behind its back.
type Bench struct {
	store.Store
	Change func(t testing.TB, r journal.Record) // alters the payload that is stored
	Remove func(t testing.TB, r journal.Record)
	Insert func(t testing.TB, r journal.Record)

	// Interrupt appends a chunk, and dies before anything follows from it; nil if the store does all at once.
	Interrupt func(t testing.TB, c store.Chunk)

	// Write writes the records of a chunk, and dies before the head moves; nil if the store does all at once.
	Write func(t testing.TB, c store.Chunk)

	// The server is killed and has lost the last that it confirmed, but for what it had written to other files: LoseRecords takes the records
	// of a chunk and the move of the head, LoseMade what was made of a story. Nil if a commit is on the disk.
	LoseRecords func(t testing.TB, c store.Chunk)
	LoseMade    func(t testing.TB, r journal.Record)
}

const today = testkit.Day

var noon = today.Begin().Add(12 * time.Hour)

// Run runs the battery on stores that fresh makes, each of them empty.
func Run(t *testing.T, fresh func(t *testing.T) Bench) {
	for name, test := range map[string]func(*testing.T, Bench){
		"a story is read back in its order":            storyIsReadBack,
		"each record is a span":                        recordsAreSpans,
		"messages and spans are counted":               allIsCounted,
		"two replicas append each message once":        replicasAppendOnce,
		"a head that moved is refused":                 movedHeadIsRefused,
		"a sound chain over several days":              soundChain,
		"a changed record is named":                    changedIsNamed,
		"a removed record is named":                    removedIsNamed,
		"a record removed at the end is named":         removedLastIsNamed,
		"an added record is named":                     addedIsNamed,
		"an inserted record is named":                  insertedIsNamed,
		"stories are found":                            storiesAreFound,
		"programs are in the order of the way":         servicesAreAWay,
		"a client's key can be removed":                keyIsRemoved,
		"old days are forgotten and the rest is sound": oldIsForgotten,
		"replicas that work are known":                 replicasAreKnown,
		"what a killed replica has not made is made":   interruptedIsMade,
		"records behind the head do not count":         behindTheHead,
		"a replica that wakes late changes nothing":    lateIsIgnored,
		"a record added to an ended day is named":      addedToEndedDayIsNamed,
		"the next day begins behind the head":          dayBeginsBehindTheHead,
		"records that a killed server lost come again": lostRecordsComeAgain,
		"spans that a killed server lost are made":     lostSpansAreMade,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// Story makes the records of a trade with n messages, each the cause of the next; the last one is rejected if bad.
func Story(name string, n int, bad bool) []journal.Record {
	var all []journal.Record
	for i := range n {
		r := journal.Record{
			ID: event.NewID(today, name, fmt.Sprint(i)), Correlation: name, Traceparent: "00-" + event.TraceID(name) + "-" + event.SpanID(name) + "-01",
			Type: fmt.Sprintf("trade.step%d.v1", i), Origin: "alpha", Source: fmt.Sprintf("service%d/1", i), Time: noon.Add(time.Duration(i+1) * 10 * time.Millisecond),
			Started: noon.Add(time.Duration(i+1)*10*time.Millisecond - 4*time.Millisecond), Client: "C1", Provider: "ALPHA", Reference: "R-" + name,
			Payload: []byte(`{"n":` + fmt.Sprint(i) + `}`),
		}
		if i > 0 {
			r.Causation = all[i-1].ID
		}
		if bad && i == n-1 {
			r.Type, r.Code, r.Text = "trade.rejected.v1", "no_line", "the line has no room"
		}
		all = append(all, r)
	}
	return all
}

// Append appends records to their chains, as a replica does.
func Append(t testing.TB, s store.Appender, day event.Day, offset int64, records ...journal.Record) {
	t.Helper()
	chains := map[int][]journal.Record{}
	for _, r := range records {
		chains[journal.ChainOf(r.Correlation)] = append(chains[journal.ChainOf(r.Correlation)], r)
	}
	var chunks []store.Chunk
	for chain, some := range chains {
		chunks = append(chunks, chunk(t, s, chain, day, offset, some))
	}
	if err := s.Append(t.Context(), chunks); err != nil {
		t.Fatal(err)
	}
}

func chunk(t testing.TB, s store.Appender, chain int, day event.Day, offset int64, records []journal.Record) store.Chunk {
	t.Helper()
	h, err := s.Head(t.Context(), chain, day)
	if err != nil {
		t.Fatal(err)
	}
	records = slices.Clone(records)
	return store.Chunk{Head: h, Next: h.Append(records, offset), Records: records}
}

func storyOf(t testing.TB, s store.Reader, name string) []journal.Record {
	t.Helper()
	records, err := s.Story(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func storyIsReadBack(t *testing.T, b Bench) {
	want, other := Story("T-1", 5, false), Story("T-2", 3, true)
	Append(t, b, today, 7, append(slices.Clone(want[:3]), other...)...)
	Append(t, b, today, 9, want[3:]...)
	got := storyOf(t, b, "T-1")
	for i := range got {
		if got[i].Seq == 0 || len(got[i].Hash) == 0 || got[i].Day != today {
			t.Errorf("record %d has no place: %+v", i, got[i])
		}
		got[i].Seq, got[i].Chain, got[i].Day, got[i].Hash = 0, 0, 0, nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none := storyOf(t, b, "nobody"); len(none) > 0 {
		t.Errorf("a story that is not there has %d records", len(none))
	}
	known, err := b.Known(t.Context(), []store.Place{{Correlation: "T-1", ID: want[4].ID}, {Correlation: "T-1", ID: "new"}, {Correlation: "T-3", ID: want[4].ID}})
	if err != nil || len(known) != 1 || !known[store.Place{Correlation: "T-1", ID: want[4].ID}] {
		t.Errorf("known %v, %v", known, err)
	}
}

func recordsAreSpans(t *testing.T, b Bench) {
	Append(t, b, today, 7, Story("T-1", 4, true)...)
	var want []span.Span
	for _, r := range storyOf(t, b, "T-1") {
		want = append(want, span.Of(r))
	}
	got, err := b.Spans(t.Context(), event.TraceID("T-1"))
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b span.Span) int { return a.Start.Compare(b.Start) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func allIsCounted(t *testing.T, b Bench) {
	for day := range event.Day(2) {
		Append(t, b, today+day, int64(day), Story(fmt.Sprint("T-", day), 5, false)...)
	}
	if b.Interrupt != nil {
		b.Interrupt(t, chunk(t, b, journal.ChainOf("T-3"), today+1, 2, Story("T-3", 4, false)))
	}
	got, err := store.AccountFor(t.Context(), b, []string{Story("T-1", 1, false)[0].ID, "nowhere"})
	want := store.Account{Messages: 10, Missing: []string{"nowhere"}, Doubled: []string{}, Spans: 10}
	if b.Interrupt != nil {
		want.Messages, want.SpansMissing = 14, 4
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s, %v", diff, err)
	}
}

// Two replicas take all messages of ten stories at once, again and again, as after a quarrel over who owns a chain.
func replicasAppendOnce(t *testing.T, b Bench) {
	var replicas sync.WaitGroup
	for range 2 {
		replicas.Go(func() {
			for n := range 10 {
				story := Story(fmt.Sprint("T-", n), 4, false)
				if err := insist(t, b, story, int64(n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	replicas.Wait()
	for n := range 10 {
		if got := storyOf(t, b, fmt.Sprint("T-", n)); len(got) != 4 {
			t.Errorf("story %d has %d records", n, len(got))
		}
	}
	verified(t, b, 40)
}

// insist appends a story as a replica does: it tries again when another was faster, and leaves out what is known.
func insist(t *testing.T, s store.Appender, story []journal.Record, offset int64) error {
	for {
		h, err := s.Head(t.Context(), journal.ChainOf(story[0].Correlation), today)
		if err != nil {
			return err
		}
		var places []store.Place
		for _, r := range story {
			places = append(places, store.Place{Correlation: r.Correlation, ID: r.ID})
		}
		known, err := s.Known(t.Context(), places)
		if err != nil {
			return err
		}
		records := slices.DeleteFunc(slices.Clone(story), func(r journal.Record) bool { return known[store.Place{Correlation: r.Correlation, ID: r.ID}] })
		err = s.Append(t.Context(), []store.Chunk{{Head: h, Next: h.Append(records, h.Offset+offset+1), Records: records}})
		if !errors.Is(err, store.ErrMoved) {
			return err
		}
	}
}

func movedHeadIsRefused(t *testing.T, b Bench) {
	story := Story("T-1", 2, false)
	late := chunk(t, b, journal.ChainOf("T-1"), today, 5, story)
	Append(t, b, today, 5, story...)
	if err := b.Append(t.Context(), []store.Chunk{late}); !errors.Is(err, store.ErrMoved) {
		t.Errorf("a second append to the same head: %v", err)
	}
	stale := chunk(t, b, journal.ChainOf("T-1"), today, 6, Story("T-1", 3, false)[2:])
	if _, err := b.Head(t.Context(), journal.ChainOf("T-1"), today+1); err != nil {
		t.Fatal(err)
	}
	if err := b.Append(t.Context(), []store.Chunk{stale}); !errors.Is(err, store.ErrMoved) {
		t.Errorf("an append to a day that has ended: %v", err)
	}
	verified(t, b, 2)
}

// verified wants all chains to be sound, with so many records.
func verified(t testing.TB, b Bench, want int) {
	t.Helper()
	all := 0
	for chain := range journal.Chains {
		n, err := store.Verify(t.Context(), b, chain)
		if err != nil {
			t.Error(err)
		}
		all += n
	}
	if all != want {
		t.Errorf("%d records are sound, want %d", all, want)
	}
}

func soundChain(t *testing.T, b Bench) {
	for day := range event.Day(3) {
		Append(t, b, today+day, int64(day), Story(fmt.Sprint("T-", day), 5, false)...)
	}
	if h, err := b.Head(t.Context(), journal.ChainOf("T-2"), today); err != nil || h.Day != today+2 {
		t.Errorf("a replica whose clock is behind gets the head %+v, %v", h, err)
	}
	verified(t, b, 15)
}
