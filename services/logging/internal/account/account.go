// Package account compares what programs have written to their standard output with what the store has of it.
package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fxcore/services/logging/internal/line"
)

// Store is where lines are found.
type Store interface {
	Search(ctx context.Context, q line.Query) ([]line.Line, error)
}

// Account says what became of the lines that were written. While programs write, lines that are under way are missing.
type Account struct {
	Written int      `json:"written"` // lines in the files
	Dropped int      `json:"dropped"` // not in the store, and their program has said that it dropped so many
	Unsent  int      `json:"unsent"`  // not in the store: the last lines of a process that has ended, written after the last one that it could send
	Missing int      `json:"missing"` // not in the store for no such reason
	Named   []string `json:"named"`   // the first of those that are missing: instance, time, message
	Doubled int      `json:"doubled"` // in the store more often than they were written
}

const mostNamed = 20

// For compares lives with the store. It holds about 200 bytes for each line in memory.
func For(ctx context.Context, s Store, lives []Life) (Account, error) {
	a := Account{Named: []string{}}
	kept, err := between(ctx, s, lives)
	if err != nil {
		return a, err
	}
	for _, life := range lives {
		a.add(life, kept)
	}
	for _, left := range kept {
		if left.written {
			a.Doubled += left.times
		}
	}
	return a, nil
}

// found is how often the store has a line that is not accounted for yet.
type found struct {
	times   int
	written bool
}

// add accounts for the lines of a life.
func (a *Account) add(l Life, kept map[string]found) {
	var missing []Entry
	last := 0 // so many lines were missing when the last one that the store has was written
	for _, e := range l.Entries {
		f := kept[e.key]
		if f.written = true; f.times == 0 {
			missing = append(missing, e)
			continue
		}
		f.times--
		kept[e.key], last = f, len(missing)
	}
	a.Written += len(l.Entries)
	if l.Ended {
		a.Unsent += len(missing) - last
		missing = missing[:last]
	}
	said := min(l.Dropped, len(missing))
	a.Dropped += said
	a.Missing += len(missing) - said
	if len(missing) > said {
		for _, e := range missing[:min(len(missing), mostNamed-min(mostNamed, len(a.Named)))] {
			a.Named = append(a.Named, fmt.Sprintf("%s %s %.100s", l.Instance, e.Time.Format(time.RFC3339Nano), e.Message))
		}
	}
}

// between counts the lines that the store has of the time of some lives.
func between(ctx context.Context, s Store, lives []Life) (map[string]found, error) {
	kept := map[string]found{}
	var times []time.Time
	for _, l := range lives {
		for _, e := range l.Entries {
			times = append(times, e.Time)
		}
	}
	if len(times) == 0 {
		return kept, nil
	}
	q := line.Query{From: slices.MinFunc(times, time.Time.Compare), To: slices.MaxFunc(times, time.Time.Compare).Add(time.Microsecond), Limit: line.MaxLimit}
	for {
		page, err := s.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, l := range page {
			f := kept[keyOf(l)]
			f.times++
			kept[keyOf(l)] = f
		}
		if len(page) < q.Limit {
			return kept, nil
		}
		q.After = line.PositionOf(page[len(page)-1])
	}
}

// keyOf tells lines apart. The number of a line is not on standard output.
func keyOf(l line.Line) string {
	return fmt.Sprint(l.Instance, " ", l.Time.UnixMicro(), " ", l.Level, " ", l.Story, " ", l.Message)
}
