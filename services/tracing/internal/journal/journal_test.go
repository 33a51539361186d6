package journal_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
)

// chain makes a chain with n records in one day.
func chain(n int) (journal.Part, []journal.Record) {
	h := journal.Head{Day: testkit.Day, Offset: -1}
	var records []journal.Record
	for i := range n {
		records = append(records, journal.Record{ID: fmt.Sprint("m", i), Correlation: "T", Type: "trade.requested.v1", Payload: []byte(`{"a":1}`)})
	}
	h = h.Append(records, 5)
	return journal.Part{Day: testkit.Day, LastSeq: h.Seq, LastHash: h.Hash}, records
}

func walk(p journal.Part, records []journal.Record) error {
	v := &journal.Verifier{}
	if err := v.Begin(p); err != nil {
		return err
	}
	for _, r := range records {
		if err := v.Next(r); err != nil {
			return err
		}
	}
	return v.End()
}

func TestANameIsTheTypeWithoutItsVersion(t *testing.T) {
	for full, want := range map[string]string{
		"trade.requested.v1": "trade.requested", "trade.validated.v1": "trade.validated", "trade.validated.v12": "trade.validated", "odd": "odd",
	} {
		if got := (journal.Record{Type: full}).Name(); got != want {
			t.Errorf("the name of %s is %q", full, got)
		}
	}
}

func TestASoundChainIsSound(t *testing.T) {
	if err := walk(chain(5)); err != nil {
		t.Error(err)
	}
}

// Each field of a record counts, and the first bad record is the one that is named.
func TestAChangeOfAnyFieldIsFound(t *testing.T) {
	for name, change := range map[string]func(*journal.Record){
		"id": func(r *journal.Record) { r.ID = "x" }, "correlation": func(r *journal.Record) { r.Correlation = "x" }, "causation": func(r *journal.Record) { r.Causation = "x" },
		"traceparent": func(r *journal.Record) { r.Traceparent = "x" }, "type": func(r *journal.Record) { r.Type = "x" }, "origin": func(r *journal.Record) { r.Origin = "x" },
		"source": func(r *journal.Record) { r.Source = "x" }, "time": func(r *journal.Record) { r.Time = time.Unix(1, 0) }, "started": func(r *journal.Record) { r.Started = time.Unix(1, 0) },
		"client": func(r *journal.Record) { r.Client = "x" }, "provider": func(r *journal.Record) { r.Provider = "x" }, "reference": func(r *journal.Record) { r.Reference = "x" },
		"code": func(r *journal.Record) { r.Code = "x" }, "text": func(r *journal.Record) { r.Text = "x" }, "payload": func(r *journal.Record) { r.Payload = nil },
		"day": func(r *journal.Record) { r.Day++ }, "chain": func(r *journal.Record) { r.Chain++ }, "hash": func(r *journal.Record) { r.Hash = nil },
		"text to code": func(r *journal.Record) { r.Reference, r.Provider = r.Reference+"x", "" },
	} {
		p, records := chain(5)
		change(&records[2])
		var fault journal.Fault
		if err := walk(p, records); !errors.As(err, &fault) || fault.Seq != 3 || fault.What != journal.Changed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsMissingOrAddedIsNamed(t *testing.T) {
	p, records := chain(5)
	forged := records[4]
	forged.Seq++
	forged.Hash = journal.Sum(records[4].Hash, forged)
	moved := p
	moved.LastHash = []byte("x")
	for name, c := range map[string]struct {
		part    journal.Part
		records []journal.Record
		seq     int64
		what    journal.What
	}{
		"first missing":  {p, records[1:], 1, journal.Missing},
		"middle missing": {p, slices.Concat(records[:2], records[3:]), 3, journal.Missing},
		"last missing":   {p, records[:4], 5, journal.Missing},
		"all missing":    {p, nil, 1, journal.Missing},
		"added behind":   {p, append(slices.Clone(records), forged), 6, journal.Added},
		"last replaced":  {p, append(slices.Clone(records[:4]), forged), 5, journal.Missing},
		"twice":          {p, slices.Concat(records[:2], records[1:]), 2, journal.Added},
		"anchor":         {moved, records, 5, journal.AnchorMoved},
	} {
		var fault journal.Fault
		if err := walk(c.part, c.records); !errors.As(err, &fault) || fault.Seq != c.seq || fault.What != c.what {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDaysFollowEachOther(t *testing.T) {
	p, records := chain(2)
	next := journal.Part{Day: p.Day + 1, FirstSeq: 2, FirstHash: p.LastHash, LastSeq: 2, LastHash: p.LastHash}
	for name, c := range map[string]struct {
		change func(*journal.Part)
		what   journal.What
	}{
		"sound":       {func(*journal.Part) {}, ""},
		"missing day": {func(p *journal.Part) { p.FirstSeq = 7 }, journal.DayMissing},
		"other hash":  {func(p *journal.Part) { p.FirstHash = []byte("x") }, journal.AnchorMoved},
	} {
		v := &journal.Verifier{}
		err := v.Begin(p)
		for _, r := range records {
			err = errors.Join(err, v.Next(r))
		}
		if err = errors.Join(err, v.End()); err != nil {
			t.Fatal(err)
		}
		second := next
		c.change(&second)
		var fault journal.Fault
		if errors.As(v.Begin(second), &fault); fault.What != c.what {
			t.Errorf("%s: %v", name, fault)
		}
	}
}

func TestWhatARecordSaysOfItsStory(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	entry := journal.Record{Correlation: "T", Type: "trade.requested.v1", Source: "fix/1", Time: at, Client: "C1", Provider: "ALPHA", Reference: "R"}
	answer := journal.Record{Correlation: "T", Causation: "m", Type: "trade.rejected.v1", Source: "auth/2", Time: at.Add(time.Second), Started: at.Add(time.Second / 2)}
	s := journal.Summary{}.Summarize(entry, answer)
	if s.Duration() != time.Second || s.Outcome != "rejected" || !s.Failed || s.Entry != entry.Type || s.Trace != event.TraceID("T") || !slices.Equal(s.Services, []string{"fix", "auth"}) {
		t.Errorf("summary %+v", s)
	}
	if answer.Duration() != time.Second/2 || answer.Service() != "auth" || answer.Instance() != "auth-2" || entry.Duration() != 0 {
		t.Errorf("the answer took %s", answer.Duration())
	}
}
