package daily_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres/daily"
)

func TestARowIsInThePartitionOfItsDay(t *testing.T) {
	pool := table(t)
	tend(t, pool, noon)
	write(t, pool, today, noon, "a")
	write(t, pool, today, noon, "b")
	write(t, pool, today+1, noon, "c")
	if got := places(t, pool); got != "kept_20261120 2, kept_20261121 1" {
		t.Error(got)
	}
	if got := partitions(t, pool); len(got) != 11 || got[0] != "20261117" || got[10] != "20261127" {
		t.Errorf("partitions %v, want those from three days behind, which is Keep, to seven days ahead", got)
	}
}

// A clock that is wrong or a provider that chooses its dates can bring any day. Nothing is refused, and no partition is made.
func TestARowOfAnyOtherDayIsKeptInTheRest(t *testing.T) {
	pool := table(t)
	tend(t, pool, noon)
	for _, day := range []event.Day{0, 1, today - 400, today + 100, today + 4_000, 65_535} {
		write(t, pool, day, noon, "strange")
	}
	fill(t, pool, 1_000, noon)
	before := partitions(t, pool)
	tend(t, pool, noon.Add(time.Hour))
	if diff := cmp.Diff(before, partitions(t, pool)); diff != "" {
		t.Error(diff)
	}
	if got := places(t, pool); got != "kept_rest 1006" {
		t.Error(got)
	}
	tend(t, pool, noon.Add(keep))
	if got := places(t, pool); got != "kept_rest 1006" {
		t.Errorf("after exactly Keep: %s", got)
	}
	tend(t, pool, noon.Add(keep+time.Second))
	if got := places(t, pool); got != "" {
		t.Errorf("after Keep: %s", got)
	}
}

// A program whose ids follow a clock that is far ahead asks for that clock's days, too. What is old still goes by the server's.
func TestDaysAroundAnotherClockHavePartitions(t *testing.T) {
	pool := table(t)
	ahead := daily.Table{Name: "kept", Keep: keep, Around: func() time.Time { return noon.AddDate(0, 0, 100) }}
	for range 2 {
		if err := ahead.Tend(t.Context(), pool, noon); err != nil {
			t.Fatal(err)
		}
	}
	for _, day := range []event.Day{today, today + 96, today + 100, today + 107} {
		write(t, pool, day, noon, "a")
	}
	if got := places(t, pool); got != "kept_20261120 1, kept_20270224 1, kept_20270228 1, kept_20270307 1" {
		t.Error(got)
	}
	if got := partitions(t, pool); len(got) != 11+12 {
		t.Errorf("%d partitions", len(got))
	}
}

func TestRowsThatComeBeforeTheirPartitionAreMovedIntoIt(t *testing.T) {
	pool := table(t)
	write(t, pool, today, noon, "a")
	write(t, pool, today+9, noon, "b")
	tend(t, pool, noon)
	if got := places(t, pool); got != "kept_20261120 1, kept_rest 1" {
		t.Error(got)
	}
	tend(t, pool, noon.AddDate(0, 0, 2))
	if got := places(t, pool); got != "kept_20261120 1, kept_20261129 1" {
		t.Error(got)
	}
}

func TestADayGoesAsAWholeOnceAllOfItIsOld(t *testing.T) {
	pool := table(t)
	tend(t, pool, noon)
	write(t, pool, today-1, noon.AddDate(0, 0, -1), "in time")
	late := write(t, pool, today-1, noon.AddDate(0, 0, 2), "handled three days after its story began")
	end := today.Begin().Add(keep) // Keep after yesterday's end
	tend(t, pool, end)
	if got := places(t, pool); got != "kept_20261119 2" {
		t.Errorf("a day with a young row: %s", got)
	}
	tend(t, pool, noon.AddDate(0, 0, 2).Add(keep+time.Second))
	if got := places(t, pool); got != "" {
		t.Error(got)
	}
	if slices.Contains(partitions(t, pool), "20261119") {
		t.Error("the partition is still there")
	}
	// What comes even later is new again, and is kept as long as any other row.
	now := noon.AddDate(0, 0, 9)
	execute(t, pool, "insert into kept values ($1, $2)", late, now)
	tend(t, pool, now.Add(keep))
	if got := places(t, pool); got != "kept_rest 1" {
		t.Error(got)
	}
}

// The bound is not tested by time: Keep at 1 ms leaves today's partition, whose day has not ended.
func TestTodayIsNeverDropped(t *testing.T) {
	pool := table(t)
	hasty := daily.Table{Name: "kept", Keep: time.Millisecond}
	for _, now := range []time.Time{noon, today.Begin(), (today + 1).Begin().Add(-time.Second)} {
		if err := hasty.Tend(t.Context(), pool, now); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(partitions(t, pool), "20261120") {
			t.Errorf("at %s today has no partition", now)
		}
	}
}

func TestASpanIsByValueWhateverTheCase(t *testing.T) {
	const low, high = "0A000000-0000-8000-8000-000000000000", "0b000000-0000-8000-8000-000000000000"
	for _, ids := range [][]string{{low, high}, {high, low}, {high, low, high}} {
		if l, h := daily.Span(ids); l != low || h != high {
			t.Errorf("%v: from %s to %s", ids, l, h)
		}
	}
	if l, h := daily.Span(nil); l != h {
		t.Errorf("of nothing: from %s to %s", l, h)
	}
}
