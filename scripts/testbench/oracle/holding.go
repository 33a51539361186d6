package oracle

import (
	"slices"

	"github.com/shopspring/decimal"
)

// holding is what a line check's reservation holds.
type holding struct {
	open, taken decimal.Decimal
	state       string
	over        bool // its expiry has passed
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
		return h.giveBack(part), true
	case s.refused == ended:
		return h, !h.allows(s.what)
	case s.refused == short:
		return h, h.allows(s.what) && !enough
	}
	return h.take(s, part), enough
}

// allows tells whether the state allows an action at all.
func (h holding) allows(what string) bool {
	return h.state == reserved || h.state == consumed && (what == reverse || what == report)
}

func (h holding) giveBack(part decimal.Decimal) holding {
	if !h.over && slices.Contains([]string{reserved, consumed, used, cancelled, reversed}, h.state) {
		h.open, h.state = h.open.Add(part), reserved
	}
	return h
}

// take does a step on a part of which enough is left.
func (h holding) take(s step, part decimal.Decimal) holding {
	switch s.what {
	case consume:
		h = h.less(part, part.Neg()).at(consumed)
	case cancel:
		h = h.less(part, decimal.Zero).at(cancelled)
	case reverse:
		h = h.less(decimal.Zero, part).at(reversed)
	case order:
		h = h.less(part, decimal.Zero).at(used)
	case report:
		taken := decimal.Min(part, h.taken)
		h = h.less(part.Sub(taken), taken).at(used)
	}
	if s.free && h.open.IsPositive() {
		h = h.less(h.open, decimal.Zero).at(cancelled)
	}
	return h
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
