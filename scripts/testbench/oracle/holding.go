package oracle

import "github.com/shopspring/decimal"

// holding is what a line check's reservation holds.
type holding struct {
	open, taken decimal.Decimal
	state       string
	over        bool // its expiry has passed, or all that was open was cancelled: nothing is open again
}

// do returns the holding after a step; false if the step is not possible.
func (h holding) do(s step) (holding, bool) {
	part := s.part
	if part.IsZero() {
		part = h.leftFor(s.what)
	}
	enough := part.IsPositive() && !part.GreaterThan(h.leftFor(s.what))
	switch {
	case s.what == lapse:
		h.over = true
		return h.less(h.open, decimal.Zero).at(lapsed), true
	case s.what == giveBack:
		return h.giveBack(part.Sub(s.taken), s.taken), true
	case s.what == takeAgain:
		taken := decimal.Min(s.taken, h.taken)
		return h.less(decimal.Min(part.Sub(s.taken), h.open), taken).at(used), true
	case s.refused == ended:
		return h, !h.allows(s.what)
	case s.refused == short:
		return h, h.allows(s.what) && !enough
	}
	after := h.take(s, part)
	if s.all && !part.Equal(h.leftFor(report)) {
		return after, false
	}
	return after, enough && (s.trade == "" || h.taken.Sub(after.taken).Equal(s.taken))
}

// allows tells whether the state allows an action at all.
func (h holding) allows(what string) bool {
	return h.state == reserved || h.state == consumed && (what == reverse || what == report)
}

// giveBack returns the holding after a trade gave back what it had taken over of an open and of a consumed part.
func (h holding) giveBack(open, taken decimal.Decimal) holding {
	if h.over {
		open = decimal.Zero
	}
	return h.less(open.Neg(), taken.Neg()).at(h.state)
}

// take does a step on a part of which enough is left.
func (h holding) take(s step, part decimal.Decimal) holding {
	switch s.what {
	case consume:
		h = h.less(part, part.Neg()).at(consumed)
	case cancel:
		h = h.less(part, decimal.Zero).cancelled()
	case reverse:
		h = h.less(decimal.Zero, part).at(reversed)
	case order:
		h = h.less(part, decimal.Zero).at(used)
	case report:
		taken := decimal.Min(part, h.taken)
		h = h.less(part.Sub(taken), taken).at(used)
	}
	if s.free && h.open.IsPositive() {
		h = h.less(h.open, decimal.Zero).cancelled()
	}
	return h
}

// cancelled sets the state after a cancellation.
func (h holding) cancelled() holding {
	h.over = h.over || h.open.IsZero()
	return h.at(cancelled)
}

// leftFor returns the part that a step can apply to.
func (h holding) leftFor(what string) decimal.Decimal {
	switch what {
	case report:
		return h.open.Add(h.taken)
	case reverse:
		return h.taken
	}
	return h.open
}

func (h holding) less(open, taken decimal.Decimal) holding {
	h.open, h.taken = h.open.Sub(open), h.taken.Sub(taken)
	return h
}

// at sets the state: end if nothing is held any more and something was until now.
func (h holding) at(end string) holding {
	switch {
	case h.open.IsPositive():
		h.state = reserved
	case h.taken.IsPositive():
		h.state = consumed
	case h.state == reserved || h.state == consumed:
		h.state = end
	}
	return h
}
