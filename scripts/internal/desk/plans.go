package desk

import (
	"slices"
	"time"
)

// step is one request about a reservation.
type step struct {
	kind     Kind
	thirds   int  // of the reservation's amount; 0: all that is left, without saying how much that is
	free     bool // the deal frees what it leaves
	atOnce   bool // it follows the step before it at once
	names    bool // the consumption, or its reversal, names the plan's deal, which comes before or after it
	deal     bool // this is the plan's deal
	unnamed  bool // the deal does not name the check
	theirs   bool // the consumption names what is another provider's, where there is any
	doubtful bool // what came before it may leave too little; a report is granted all the same
}

// Ways to resolve a reservation. namedPlans and latePlans are for desks whose trades name their checks.
var (
	partPlans = [][]step{
		{{kind: Consume, thirds: 1}, {kind: Cancel}},
		{{kind: Cancel, thirds: 1}, {kind: Consume, thirds: 1}},
		{{kind: Consume, thirds: 2}, {kind: Consume, thirds: 2, doubtful: true}},
	}
	namedPlans = [][]step{
		{{kind: Order, thirds: 3}},
		{{kind: Report, thirds: 3, free: true}},
		{{kind: Order, thirds: 1, free: true}},
		{{kind: Order, thirds: 1}, {kind: Report, thirds: 1, free: true}},
		{{kind: Order, thirds: 1}, {kind: Cancel}},
		{{kind: Report, thirds: 2}, {kind: Consume}},
		{{kind: Consume}, {kind: Report, thirds: 3}},
		{{kind: Consume, thirds: 2}, {kind: Report, thirds: 1}, {kind: Order, thirds: 1}},
		{{kind: Consume, thirds: 1}, {kind: Report, thirds: 2}, {kind: Reverse, doubtful: true}},
		{{kind: Order, thirds: 3, doubtful: true}, {kind: Order, thirds: 3, doubtful: true, atOnce: true}},
		{{kind: Order, thirds: 2, doubtful: true}, {kind: Report, thirds: 2, atOnce: true}},
		{{kind: Cancel}, {kind: Order, thirds: 3, doubtful: true}},
		{{kind: Consume, thirds: 2}, {kind: Reverse, thirds: 1}, {kind: Consume}},
		{{kind: Consume}, {kind: Reverse}},

		// A consumption that names its deal is one use with it, in every order.
		{{kind: Consume, thirds: 3, names: true}, {kind: Order, thirds: 3, deal: true}},
		{{kind: Order, thirds: 2, deal: true}, {kind: Consume, thirds: 2, names: true}, {kind: Cancel}},
		{{kind: Report, thirds: 1, deal: true}, {kind: Consume, thirds: 1, names: true, atOnce: true}},
		{{kind: Consume, thirds: 1, names: true}, {kind: Report, thirds: 2, deal: true, atOnce: true}, {kind: Consume, thirds: 1, names: true}},
		{{kind: Consume, thirds: 2, names: true}, {kind: Order, thirds: 1, deal: true}},
		{{kind: Order, thirds: 1, deal: true}, {kind: Consume, thirds: 2, names: true, doubtful: true}, {kind: Cancel, doubtful: true}},
		{{kind: Consume, names: true}, {kind: Order, thirds: 1, deal: true}},
		{{kind: Report, thirds: 1, deal: true}, {kind: Consume, names: true}},
		{{kind: Consume, thirds: 1, names: true, doubtful: true}, {kind: Order, thirds: 1, deal: true, unnamed: true}},
		{{kind: Consume, thirds: 2, names: true, doubtful: true}, {kind: Consume, thirds: 2, names: true, doubtful: true}, {kind: Order, thirds: 3, deal: true, doubtful: true}},
		{{kind: Consume, thirds: 1, names: true}, {kind: Report, thirds: 3, doubtful: true}, {kind: Order, thirds: 1, deal: true, doubtful: true}},
		{{kind: Consume, thirds: 1, names: true}, {kind: Reverse, doubtful: true}, {kind: Order, thirds: 1, deal: true}},
		{{kind: Consume, thirds: 1}, {kind: Consume, thirds: 1, names: true}, {kind: Reverse, names: true, doubtful: true}, {kind: Order, thirds: 1, deal: true}},
		{{kind: Consume, thirds: 1, theirs: true}, {kind: Cancel}},
	}
	tooLate   = []step{{kind: Consume, doubtful: true}}
	latePlans = [][]step{
		{{kind: Consume, thirds: 1, names: true, doubtful: true}, {kind: Order, thirds: 1, deal: true, unnamed: true}},
		tooLate,
		{{kind: Order, thirds: 3, doubtful: true}},
		{{kind: Report, thirds: 1}},
	}
)

// planned is an approved reservation and what the desk is going to do with it.
type planned struct {
	check Request
	steps []step    // none: consume or cancel the whole
	due   time.Time // not before this
	deal  string    // reference of the plan's deal, once it is known
	late  bool      // it has expired, and is used nevertheless
}

// planFor decides what to do with an approved reservation.
func (d *Desk) planFor(check Request) planned {
	p := planned{check: check}
	switch {
	case !check.ExpiresAt.IsZero():
		p.steps, p.due = tooLate, check.ExpiresAt.Add(lateBy)
	case !d.checks.Parts || d.chance(plainShare):
	case d.checks.Named:
		p.steps = d.one(slices.Concat(namedPlans, partPlans))
	default:
		p.steps = d.one(partPlans)
	}
	return p
}

func (d *Desk) one(plans [][]step) []step { return plans[d.random.IntN(len(plans))] }

func (d *Desk) plan(p planned) {
	if len(p.steps) > 0 && p.steps[0].atOnce {
		d.reserved = slices.Insert(d.reserved, 0, p)
		return
	}
	d.reserved = append(d.reserved, p)
}
