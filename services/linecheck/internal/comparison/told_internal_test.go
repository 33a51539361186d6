package comparison

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// The last part tells what all parts have found, for the day that had ended when the run was due.
func TestTheLastPartTellsTheResult(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC) // 01:00 in Frankfurt
	one := store.Difference{Node: "client/C000001", What: "reserved"}
	cursor := ""
	for n := range store.Figures {
		p := begin(jobs.Run{Part: n, Due: due, Cursor: cursor})
		p.found = &[]store.Difference{one}
		job, err := event.New(contract.JobDue, event.NewID(testkit.Day, "job"), contract.Batch, "run", messages.Job{})
		if err != nil {
			t.Fatal(err)
		}
		progress, told, err := p.Do(due.Add(time.Minute), job)
		cursor = progress.Cursor
		if last := n == len(store.Figures)-1; err != nil || progress.Last != last || (len(told) == 1) != last {
			t.Fatalf("part %d: %+v, tells %v, %v", n, progress, told, err)
		}
		if !progress.Last {
			continue
		}
		want := messages.Compared{Day: "2026-11-25", MadeAt: due.Add(time.Minute), Differences: len(store.Figures)}
		for range store.Figures {
			want.Named = append(want.Named, one.String())
		}
		var got messages.Compared
		if err := told[0].Read(&got); err != nil || told[0].Type != contract.LinesCompared || told[0].Origin != contract.Batch {
			t.Errorf("%+v, %v", told[0], err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}
