package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/store"
)

// written appends a story of two days, the second day with the last two records, and returns its records.
func written(t *testing.T, b Bench) []journal.Record {
	t.Helper()
	story := Story("T-1", 6, false)
	Append(t, b, today, 1, story[:4]...)
	Append(t, b, today+1, 2, story[4:]...)
	verified(t, b, 6)
	return storyOf(t, b, "T-1")
}

// names wants the verifier to name this fault.
func names(t *testing.T, b Bench, seq int64, what journal.What) {
	t.Helper()
	_, err := store.Verify(t.Context(), b, journal.ChainOf("T-1"))
	var fault journal.Fault
	if !errors.As(err, &fault) || fault.Seq != seq || fault.What != what {
		t.Errorf("the verifier says %v, want record %d %s", err, seq, what)
	}
}

func changedIsNamed(t *testing.T, b Bench) {
	records := written(t, b)
	b.Change(t, records[2])
	names(t, b, records[2].Seq, journal.Changed)
}

func removedIsNamed(t *testing.T, b Bench) {
	records := written(t, b)
	b.Remove(t, records[1])
	names(t, b, records[1].Seq, journal.Missing)
}

func removedLastIsNamed(t *testing.T, b Bench) {
	records := written(t, b)
	b.Remove(t, records[5])
	names(t, b, records[5].Seq, journal.Missing)
}

// Somebody who can write and knows how records are hashed adds one behind the last.
func addedIsNamed(t *testing.T, b Bench) {
	records := written(t, b)
	last := records[5]
	added := last
	added.Seq, added.ID = last.Seq+1, "added"
	added.Hash = journal.Sum(last.Hash, added)
	b.Insert(t, added)
	names(t, b, added.Seq, journal.Added)
}

// Somebody who can write and knows how records are hashed puts one between two others, and hashes all that follow anew.
func insertedIsNamed(t *testing.T, b Bench) {
	records := written(t, b)
	inserted := records[2]
	inserted.ID = "inserted"
	forged := slices.Insert(slices.Clone(records[:4]), 2, inserted) // of the first day
	for i := 2; i < len(forged); i++ {
		forged[i].Seq = forged[i-1].Seq + 1
		forged[i].Hash = journal.Sum(forged[i-1].Hash, forged[i])
	}
	for _, r := range records[2:] {
		b.Remove(t, r)
	}
	for _, r := range forged[2:] {
		b.Insert(t, r)
	}
	names(t, b, forged[4].Seq, journal.Added)
}

func storiesAreFound(t *testing.T, b Bench) {
	var all []journal.Record
	for i := range 6 {
		name := fmt.Sprint("T-", i)
		story := Story(name, 3, i == 2)
		for j := range story {
			story[j].Time, story[j].Started = story[j].Time.Add(time.Duration(i)*time.Hour), story[j].Started.Add(time.Duration(i)*time.Hour)
			story[j].Time = story[j].Time.Add(time.Duration(i) * time.Duration(j) * time.Millisecond)
			story[j].Client = fmt.Sprint("C", i%2)
		}
		if i == 5 {
			story[2].Source, story[2].Type = "settlement/2", "settlement.settled.v1"
		}
		all = append(all, story...)
	}
	Append(t, b, today, 1, all...)
	whole := store.Query{From: noon.Add(-time.Hour), To: noon.Add(24 * time.Hour), Limit: 10}
	for name, c := range map[string]struct {
		change func(*store.Query)
		want   []string
	}{
		"all, the newest first": {func(*store.Query) {}, []string{"T-5", "T-4", "T-3", "T-2", "T-1", "T-0"}},
		"the newest two":        {func(q *store.Query) { q.Limit = 2 }, []string{"T-5", "T-4"}},
		"trade":                 {func(q *store.Query) { q.Correlation = "T-3" }, []string{"T-3"}},
		"reference":             {func(q *store.Query) { q.Reference = "R-T-4" }, []string{"T-4"}},
		"client":                {func(q *store.Query) { q.Client = "C1" }, []string{"T-5", "T-3", "T-1"}},
		"client and time":       {func(q *store.Query) { q.Client, q.From = "C1", noon.Add(2*time.Hour) }, []string{"T-5", "T-3"}},
		"time":                  {func(q *store.Query) { q.From, q.To = noon.Add(time.Hour), noon.Add(3*time.Hour) }, []string{"T-2", "T-1"}},
		"service":               {func(q *store.Query) { q.Service = "settlement" }, []string{"T-5"}},
		"outcome":               {func(q *store.Query) { q.Outcome = "rejected" }, []string{"T-2"}},
		"failed":                {func(q *store.Query) { q.Outcome = "failed" }, []string{"T-2"}},
		"settled":               {func(q *store.Query) { q.Outcome = "settled" }, []string{"T-5"}},
		"duration":              {func(q *store.Query) { q.Longer = 32 * time.Millisecond }, []string{"T-5", "T-4"}},
		"none":                  {func(q *store.Query) { q.Client = "C9" }, nil},
	} {
		q := whole
		c.change(&q)
		found, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range found {
			got = append(got, s.Correlation)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: found %v, want %v", name, got, c.want)
		}
	}
}

// A list shows the programs as a way. Messages of a story come in several batches, and a program may come again.
func servicesAreAWay(t *testing.T, b Bench) {
	story := Story("T-1", 5, false)
	for i, source := range []string{"fix/1", "auth/1", "trading/2", "linecheck/1", "trading/1"} {
		story[i].Source = source
	}
	Append(t, b, today, 1, story[:3]...)
	Append(t, b, today, 2, story[3:]...)
	found, err := b.Search(t.Context(), store.Query{From: noon.Add(-time.Hour), To: noon.Add(time.Hour), Limit: 1})
	if want := []string{"fix", "auth", "trading", "linecheck"}; err != nil || len(found) != 1 || !slices.Equal(found[0].Services, want) {
		t.Errorf("found %+v, %v; want the services %v", found, err, want)
	}
}

func keyIsRemoved(t *testing.T, b Bench) {
	key, err := b.Key(t.Context(), "C1")
	if err != nil {
		t.Fatal(err)
	}
	data := []byte(`{"client":"C1","account":"CH-4711"}`)
	sealed := payload.Keep("m", data, &key)
	if string(sealed) == string(data) {
		t.Fatalf("kept %s", sealed)
	}
	story := Story("T-1", 1, false)
	story[0].Payload = sealed
	Append(t, b, today, 1, story...)
	again, err := b.Key(t.Context(), "C1")
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := payload.Open(storyOf(t, b, "T-1")[0].Payload, again); err != nil || string(opened) != string(data) {
		t.Errorf("opened %s, %v", opened, err)
	}
	for _, client := range []string{"C1", "never seen"} {
		if err := b.Shred(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		gone, err := b.Key(t.Context(), client)
		if err != nil || !gone.Gone() {
			t.Errorf("the key of %s after its removal: %v, %v", client, gone.Gone(), err)
		}
		opened, err := payload.Open(storyOf(t, b, "T-1")[0].Payload, gone)
		if want := `{"client":"C1","account":"(shredded)"}`; err != nil || string(opened) != want {
			t.Errorf("opened %s, %v", opened, err)
		}
	}
	verified(t, b, 1)
}

func oldIsForgotten(t *testing.T, b Bench) {
	for day := range 4 {
		Append(t, b, today+event.Day(day), int64(day), Story(fmt.Sprint("T-", day), 2, false)...)
		for chain := range journal.Chains { // every chain has every day
			if _, err := b.Head(t.Context(), chain, today+event.Day(day)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Forget(t.Context(), store.Keep{Journal: 48 * time.Hour, Index: 1000 * time.Hour}, noon.Add(4*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	verified(t, b, 4)
	if old := storyOf(t, b, "T-0"); len(old) > 0 {
		t.Errorf("%d old records are still there", len(old))
	}
}

func replicasAreKnown(t *testing.T, b Bench) {
	for _, name := range []string{"one", "other", "one"} {
		if _, err := b.Alive(t.Context(), name, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	names, err := b.Alive(t.Context(), "other", time.Hour)
	slices.Sort(names)
	if err != nil || !slices.Equal(names, []string{"one", "other"}) {
		t.Errorf("replicas %v, %v", names, err)
	}
}

// A replica dies after a chunk is in the journal and before spans and indexes are made. The next one makes them.
func interruptedIsMade(t *testing.T, b Bench) {
	if b.Interrupt == nil {
		t.Skip("this store does all in one transaction")
	}
	story := Story("T-1", 4, false)
	Append(t, b, today, 1, story[:2]...)
	b.Interrupt(t, chunk(t, b, journal.ChainOf("T-1"), today, 2, story[2:]))
	if _, err := b.Head(t.Context(), journal.ChainOf("T-1"), today+1); err != nil { // even if the day has ended meanwhile
		t.Fatal(err)
	}
	spans, err := b.Spans(t.Context(), story[0].TraceID())
	if got := storyOf(t, b, "T-1"); len(got) != 4 || len(spans) != 4 || err != nil {
		t.Errorf("%d records are found and %d spans, %v", len(got), len(spans), err)
	}
	verified(t, b, 4)
}

// A replica is killed after it has written records and before it has moved the head. They are no records, and the next replica
// writes others in their places.
func behindTheHead(t *testing.T, b Bench) {
	if b.Write == nil {
		t.Skip("this store does all in one transaction")
	}
	story, other := Story("T-1", 4, false), Story("T-1", 5, true)
	chain := journal.ChainOf("T-1")
	Append(t, b, today, 1, story[:2]...)
	b.Write(t, chunk(t, b, chain, today, 2, story[2:]))
	verified(t, b, 2) // the replica may be about to move the head
	if got := storyOf(t, b, "T-1"); len(got) != 2 {
		t.Errorf("%d records are found, want 2", len(got))
	}
	found, err := store.AccountFor(t.Context(), b, nil)
	if err != nil || found.Messages != 2 || found.SpansMissing != 0 {
		t.Errorf("counted %+v, %v", found, err)
	}
	Append(t, b, today, 3, other[4])
	got := storyOf(t, b, "T-1")
	if len(got) != 3 || got[2].ID != other[4].ID || got[2].Code != other[4].Code {
		t.Errorf("found %+v", got)
	}
	verified(t, b, 3)
}

// A replica is frozen in the middle of its work and has lost the chain when it goes on: before the new owner has appended,
// and after.
func lateIsIgnored(t *testing.T, b Bench) {
	if b.Write == nil {
		t.Skip("this store does all in one transaction")
	}
	story, other := Story("T-1", 6, false), Story("T-1", 8, true)
	chain := journal.ChainOf("T-1")
	frozen := chunk(t, b, chain, today, 1, story[:4])
	mine := chunk(t, b, chain, today, 1, other[6:])
	b.Write(t, frozen)
	verified(t, b, 0)
	if err := b.Append(t.Context(), []store.Chunk{mine}); err != nil {
		t.Fatal(err)
	}
	b.Write(t, frozen)
	if err := b.Append(t.Context(), []store.Chunk{frozen}); !errors.Is(err, store.ErrMoved) {
		t.Errorf("a replica that lost the chain appends: %v", err)
	}
	verified(t, b, 2)
	got := storyOf(t, b, "T-1")
	if len(got) != 2 || got[0].ID != other[6].ID || got[1].ID != other[7].ID {
		t.Errorf("found %+v", got)
	}
}

func addedToEndedDayIsNamed(t *testing.T, b Bench) {
	records := written(t, b)
	added := records[3]
	added.Seq, added.ID = records[3].Seq+1, "added"
	if b.Write == nil {
		added.Seq = 1_000 // the numbers behind the day's last one are those of the next day
	}
	added.Hash = journal.Sum(records[3].Hash, added)
	b.Insert(t, added)
	names(t, b, added.Seq, journal.Added)
}

// The day ends while a replica is about to move the head: its records do not count on either day.
func dayBeginsBehindTheHead(t *testing.T, b Bench) {
	if b.Write == nil {
		t.Skip("this store does all in one transaction")
	}
	story := Story("T-1", 6, false)
	chain := journal.ChainOf("T-1")
	Append(t, b, today, 1, story[:2]...)
	late := chunk(t, b, chain, today, 2, story[2:4])
	b.Write(t, late)
	Append(t, b, today+1, 2, story[2:]...)
	b.Write(t, late)
	if err := b.Append(t.Context(), []store.Chunk{late}); !errors.Is(err, store.ErrMoved) {
		t.Errorf("an append to a day that has ended: %v", err)
	}
	verified(t, b, 6)
}

// A server is killed that has confirmed records and has lost them, but for the rows that were made of them. The messages come again from the
// stream, and none of them counts as known.
func lostRecordsComeAgain(t *testing.T, b Bench) {
	if b.LoseRecords == nil {
		t.Skip("in this store a commit is on the disk")
	}
	story, other := Story("T-1", 5, false), Story("T-1", 6, true)
	chain := journal.ChainOf("T-1")
	Append(t, b, today, 1, story[:2]...)
	lost := chunk(t, b, chain, today, 2, story[2:4])
	if err := b.Append(t.Context(), []store.Chunk{lost}); err != nil {
		t.Fatal(err)
	}
	b.LoseRecords(t, lost)
	head, err := b.Head(t.Context(), chain, today)
	if err != nil || head.Offset != 1 || head.Seq != lost.Head.Seq {
		t.Fatalf("the head is %+v, %v", head, err)
	}
	Append(t, b, today, 2, other[5]) // it takes the number of a lost record
	var places []store.Place
	for _, r := range append(story[:4:4], other[5]) {
		places = append(places, store.Place{Correlation: r.Correlation, ID: r.ID})
	}
	known, err := b.Known(t.Context(), places)
	if err != nil || len(known) != 3 || known[places[2]] || known[places[3]] {
		t.Errorf("known are %v of %v, %v", known, places, err)
	}
	Append(t, b, today, 3, story[2:4]...)
	verified(t, b, 5)
	found, err := store.AccountFor(t.Context(), b, nil)
	if err != nil || found.Messages != 5 || found.Spans != 5 || found.SpansMissing != 0 {
		t.Errorf("counted %+v, %v", found, err)
	}
	if got := storyOf(t, b, "T-1"); len(got) != 5 {
		t.Errorf("%d records are found, want 5", len(got))
	}
}

// The same, the other way round: the records are there, and what was made of them is lost. The note how far it is made is not.
func lostSpansAreMade(t *testing.T, b Bench) {
	if b.LoseMade == nil {
		t.Skip("in this store a commit is on the disk")
	}
	story := Story("T-1", 4, false)
	Append(t, b, today, 1, story...)
	b.LoseMade(t, story[0])
	if _, err := b.Head(t.Context(), journal.ChainOf("T-1"), today); err != nil {
		t.Fatal(err)
	}
	spans, err := b.Spans(t.Context(), story[0].TraceID())
	if got := storyOf(t, b, "T-1"); len(got) != 4 || len(spans) != 4 || err != nil {
		t.Errorf("%d records are found and %d spans, %v", len(got), len(spans), err)
	}
}
