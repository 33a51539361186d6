package front

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersInOrderAreNotLookedAt(t *testing.T) {
	var g gap
	g.passes(6, 300, func() int { return 6 })
	for seq := 7; seq < 200_000; seq++ {
		if why := g.passes(seq, 300, func() int { t.Fatal("the engine was asked"); return 0 }); why != "" {
			t.Fatal(why)
		}
	}
}

// An open gap has an end: by number, by size, and in all where the provider closes it one by one.
func TestAnOpenGapIsBounded(t *testing.T) {
	for name, test := range map[string]struct {
		size, most int
		due        func(seq int) int
	}{
		"many":             {10, gapStill, func(int) int { return 2 }},
		"large":            {64 << 10, gapBytes / (64 << 10), func(int) int { return 2 }},
		"closed by inches": {10, gapAll, func(seq int) int { return 2 + seq/100 }},
	} {
		var g gap
		g.passes(1, test.size, func() int { return 1 })
		n := 0
		why := ""
		for seq := 1_000; why == "" && n <= gapAll+1; seq++ {
			why = g.passes(seq, test.size, func() int { return test.due(seq) })
			n++
		}
		if n != test.most+1 || !strings.Contains(why, "is missing") {
			t.Errorf("%s: after %d messages: %q", name, n, why)
		}
	}
}

// Whatever comes, what the engine keeps is below the bounds, and who closes the gap is let through.
func TestAClosedGapIsForgotten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g gap
		due := 1
		for range rapid.IntRange(1, 50).Draw(t, "rounds") {
			ahead := rapid.IntRange(0, 500).Draw(t, "ahead")
			for i := range ahead {
				if why := g.passes(due+1+i, 100, func() int { return due }); why != "" {
					t.Fatal(why)
				}
			}
			if why := g.passes(due, 100, func() int { return due }); why != "" {
				t.Fatal(why)
			}
			due += ahead + 1
		}
	})
}
