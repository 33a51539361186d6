package oracle

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// What happens to a line check's reservation, besides the actions consume, cancel and reverse.
const (
	consume = "consume"
	cancel  = "cancel"
	reverse = "reverse"
	order   = "order"  // a trade takes a part over, of what is open
	report  = "report" // a trade done elsewhere takes a part over: what is consumed first
	lapse   = "lapse"  // the check reaches its expiry: what is open ends

	// The reservation of a trade that took a part over expired. What was consumed is consumed again, and waits for the trade. What was
	// open is open again, while the check lasts.
	expire = "expire"
	// Such a trade was rejected, before or after that. Nothing waits for it any more.
	giveBack = "give back"
	// Such a trade was registered after its reservation had expired: it takes over again what waits for it, and what the check still
	// holds of the rest.
	takeAgain = "take again"
)

// step is one thing that happened to a line check's reservation, at an instant between two. Nobody outside knows which instant.
type step struct {
	what     string
	part     decimal.Decimal // zero: all that the step applies to
	free     bool            // a trade frees what it leaves open
	all      bool            // a report took less than its amount: it must have taken all that was left
	from, to time.Time       // zero to: at any time later
	maybe    bool            // it may not have happened
	trade    string          // the trade that took the part over, or gave it back
	taken    decimal.Decimal // of such a trade's part, what was consumed, then or by later consumptions for the trade
	deal     string          // the trade for which a part is consumed, or that was refused
	refused  refusal         // why it was not done; empty if it was
}

// explains tells whether there is an order of the steps that leads from one holding to another: an order in which each step was
// possible, and in which no step came before one that had ended when it began.
func explains(start holding, steps []step, end holding) bool {
	return search(start, steps, make([]bool, len(steps)), end)
}

func search(h holding, steps []step, done []bool, end holding) bool {
	if !left(steps, done) && h.open.Equal(end.open) && h.taken.Equal(end.taken) && h.state == end.state && h.consumedFor(steps) {
		return true
	}
	for i := range steps {
		if !next(steps, done, i) {
			continue
		}
		if after, possible := h.do(steps[i]); possible {
			done[i] = true
			if search(after, steps, done, end) {
				return true
			}
			done[i] = false
		}
	}
	return false
}

// consumedFor tells whether of each trade's part as much was consumed as its reservation says.
func (h holding) consumedFor(steps []step) bool {
	for _, s := range steps {
		if (s.what == order || s.what == report) && s.trade != "" && !h.deals[s.trade].taken.Equal(s.taken) {
			return false
		}
	}
	return true
}

// left tells whether there is a step that has to come yet. A trade that is registered late takes over again what it gave back.
func left(steps []step, done []bool) bool {
	gave := map[string]bool{}
	for i, s := range steps {
		if done[i] && s.what == expire {
			gave[s.trade] = true
		}
	}
	for i, s := range steps {
		if !done[i] && (!s.maybe || s.what == takeAgain && gave[s.trade]) {
			return true
		}
	}
	return false
}

// next tells whether step i may be the next one.
func next(steps []step, done []bool, i int) bool {
	if done[i] {
		return false
	}
	for j := range steps {
		if !done[j] && steps[j].before(steps[i]) {
			return false
		}
	}
	return true
}

// before tells whether a step must have come before another one.
func (s step) before(other step) bool {
	if s.trade != "" && s.trade == other.trade {
		return s.turn() < other.turn()
	}
	return !s.maybe && !s.to.IsZero() && s.to.Before(other.from)
}

// turn returns the place of a step among those of its trade.
func (s step) turn() int {
	return map[string]int{expire: 1, giveBack: 2, takeAgain: 2}[s.what]
}

// told says what a provider was told about its line check.
func told(steps []step) string {
	if len(steps) == 0 {
		return "nobody resolved it"
	}
	var all []string
	for _, s := range steps {
		part := "all"
		if !s.part.IsZero() {
			part = s.part.String()
		}
		if s.free {
			part += " and free the rest"
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s at %s %s", s.what, part, s.from.Format(clock), s.refused)))
	}
	return "no order of these leads to that: " + strings.Join(all, ", ")
}
