package store_test

import (
	"context"
	"iter"
	"testing"

	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// growing is a chain to which a replica appends between the look at its head and the look at its records.
type growing struct {
	records []journal.Record
	heads   []journal.Head // as each look finds it
}

func (g *growing) Parts(context.Context, int) ([]journal.Part, error) {
	h := g.heads[0]
	if len(g.heads) > 1 {
		g.heads = g.heads[1:]
	}
	return []journal.Part{{Day: testkit.Day, LastSeq: h.Seq, LastHash: h.Hash}}, nil
}

func (g *growing) Records(context.Context, journal.Part) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for _, r := range g.records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestARecordThatIsAppendedMeanwhileIsNoFault(t *testing.T) {
	records := make([]journal.Record, 5)
	start := journal.Head{Day: testkit.Day, Offset: -1}
	before := start.Append(records[:3], 1)
	after := before.Append(records[3:], 2)
	if n, err := store.Verify(t.Context(), &growing{records, []journal.Head{before, after}}, 0); err != nil || n != 3 {
		t.Errorf("%d records are sound, %v", n, err)
	}
	if _, err := store.Verify(t.Context(), &growing{records, []journal.Head{before}}, 0); err == nil {
		t.Error("records that no head counts are not named")
	}
}
