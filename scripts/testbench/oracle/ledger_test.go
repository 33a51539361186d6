package oracle

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// history draws steps that happen one after the other, and returns them with what they lead to. What is known of each step's
// instant is only that it lies between two others.
func history(random *rand.Rand, start holding) (steps []step, end holding) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	some := func() time.Duration { return time.Duration(random.IntN(4)) * time.Second }
	for range 1 + random.IntN(6) {
		s := draw(random, start, steps)
		s.from, s.to = at.Add(-some()), at.Add(some())
		next, possible := start.do(s)
		switch {
		case possible:
			start = next
		case start.allows(s):
			s.refused, s.trade, s.deal = short, "", s.of()
		default:
			s.refused, s.trade, s.deal = ended, "", s.of()
		}
		steps, at = append(steps, s), at.Add(some())
	}
	for i, s := range steps {
		if s.trade != "" {
			steps[i].taken = start.deals[s.trade].taken
		}
	}
	random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
	return steps, start
}

// draw returns a step that may happen next. The last trade may expire or end, and after it has expired end or be registered late.
func draw(random *rand.Rand, now holding, before []step) step {
	after := map[string][]string{order: {expire, giveBack}, report: {expire, giveBack}, expire: {giveBack, takeAgain}}
	if n := len(before); n > 0 && before[n-1].trade != "" && random.IntN(2) == 0 {
		if ends := after[before[n-1].what]; len(ends) > 0 {
			next := before[n-1]
			next.what, next.free = ends[random.IntN(len(ends))], false
			return next
		}
	}
	kinds := []string{consume, cancel, reverse, order, report, lapse}
	s := step{what: kinds[random.IntN(len(kinds))], part: decimal.NewFromInt(10 * int64(random.IntN(5))), free: random.IntN(4) == 0}
	name := []string{"a", "b", strconv.Itoa(len(before))}[random.IntN(3)]
	if (s.what == consume || s.what == reverse) && random.IntN(2) == 0 {
		s.deal = name
	}
	if s.what == order || s.what == report {
		if now.deals[name].part.IsPositive() { // that trade came before
			name = strconv.Itoa(len(before))
		}
		s.trade, s.part = name, s.part.Add(decimal.NewFromInt(10))
		s.taken = s.part // at most: what is consumed for it later counts, too
	}
	return s
}

func TestATrueHistoryIsExplainedAndAChangedOneIsNot(t *testing.T) {
	t.Parallel()
	start := holding{open: decimal.NewFromInt(100), state: reserved}
	for seed := range uint64(3_000) {
		steps, end := history(rand.New(rand.NewPCG(seed, 1)), start) //nolint:gosec // reproducible
		if !explains(start, steps, end) {
			t.Fatalf("seed %d: %+v does not lead to %+v", seed, steps, end)
		}
		wrong := end
		wrong.taken = wrong.taken.Add(decimal.NewFromInt(1)) // all parts are tens
		if explains(start, steps, wrong) {
			t.Fatalf("seed %d: %+v leads to %+v", seed, steps, wrong)
		}
	}
}

// A step that was answered before another one was asked for came before it.
func TestStepsThatDoNotOverlapKeepTheirOrder(t *testing.T) {
	t.Parallel()
	start := holding{open: decimal.NewFromInt(100), state: reserved}
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	cancels := step{what: cancel, part: decimal.NewFromInt(60), from: at, to: at.Add(time.Second)}
	tooMuch := step{what: order, part: decimal.NewFromInt(60), from: at.Add(2 * time.Second), to: at.Add(3 * time.Second), refused: short}
	end := holding{open: decimal.NewFromInt(40), state: reserved}
	if !explains(start, []step{tooMuch, cancels}, end) {
		t.Error("refused after the cancellation: not explained")
	}
	cancels.from, cancels.to = at.Add(4*time.Second), at.Add(5*time.Second)
	if explains(start, []step{tooMuch, cancels}, end) {
		t.Error("refused before the cancellation, when there was enough: explained")
	}
}

// A consumption without an amount takes all that is open. What the trade leaves of it is open again, and after the check's end that lapses
// at once: the check has expired, because trades have not taken all of it.
func TestWhatATradeLeavesOfACheckThatHasEndedLapses(t *testing.T) {
	t.Parallel()
	start := holding{open: decimal.NewFromInt(100), state: reserved}
	for _, c := range []struct {
		rule          string
		before, after string // what the trade's part comes between
		part          int64
		open, state   string
	}{
		{"a part, after the end", lapse, "", 60, "0", lapsed},
		{"all, after the end", lapse, "", 100, "0", used},
		{"a part, before the end", "", lapse, 60, "0", lapsed},
		{"a part, and no end yet", "", "", 60, "40", reserved},
	} {
		part := decimal.NewFromInt(c.part)
		steps := []step{{what: consume, deal: "T"}, {what: c.before}, {what: order, trade: "T", part: part, taken: part}, {what: c.after}}
		steps = slices.DeleteFunc(steps, func(s step) bool { return s.what == "" })
		at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		for i := range steps {
			steps[i].from, steps[i].to = at.Add(time.Duration(2*i)*time.Second), at.Add(time.Duration(2*i+1)*time.Second)
		}
		for _, state := range []string{reserved, lapsed, used} {
			end := holding{open: decimal.RequireFromString(c.open), state: state}
			if got := explains(start, steps, end); got != (state == c.state) {
				t.Errorf("%s: %s with %s open: explained %t", c.rule, state, c.open, got)
			}
		}
	}
}
