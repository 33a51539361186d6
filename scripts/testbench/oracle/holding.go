package oracle

import "github.com/shopspring/decimal"

// holding is what a line check's reservation holds.
type holding struct {
	open, taken decimal.Decimal
	state       string
	past        bool            // its expiry has passed: what would be open again lapses
	closed      bool            // all that was open was cancelled: nothing is open again
	deals       map[string]deal // by trade id; never changed, but replaced
}

// do returns the holding after a step; false if the step is not possible.
func (h holding) do(s step) (holding, bool) {
	switch s.what {
	case lapse:
		h.past = true
		return h.lapsed(), true
	case expire:
		return h.expire(s.trade), true
	case giveBack:
		return h.giveBack(s.trade), true
	case takeAgain:
		return h.takeAgain(s.trade), true
	}
	part := s.part
	if part.IsZero() {
		part = h.whole(s)
	}
	enough := part.IsPositive() && !part.GreaterThan(h.leftFor(s))
	switch {
	case s.refused == ended:
		return h, !h.allows(s) || s.what == report && h.leftFor(s).IsZero() // all that is consumed waits for other trades
	case s.refused == short:
		return h, h.allows(s) && !enough
	}
	after := h.take(s, part)
	if s.all && !part.Equal(h.leftFor(s)) {
		return after, false
	}
	return after, enough && (s.trade == "" || !after.deals[s.trade].taken.GreaterThan(s.taken))
}

// allows tells whether the state allows an action at all.
func (h holding) allows(s step) bool {
	d := h.deals[s.of()]
	switch s.what {
	case consume:
		return h.state == reserved || d.holds
	case order:
		return h.state == reserved || h.state == consumed && d.kept().IsPositive()
	}
	return h.state == reserved || h.state == consumed && (s.what == reverse || s.what == report)
}

// expire returns the holding after the reservation of a trade expired: the trade gave back what it had taken over of an open and of a
// consumed part, and the latter waits for it.
func (h holding) expire(trade string) holding {
	d := h.deals[trade]
	open := d.part.Sub(d.taken)
	if h.past || h.closed {
		open = decimal.Zero
	}
	back := d.taken
	d.holds, d.lapsed, d.stated = false, true, d.stated.Add(back)
	return h.with(trade, d).less(open.Neg(), back.Neg()).at(h.state)
}

// giveBack returns the holding after a trade was rejected: it has given back what it had taken over, and nothing waits for it.
func (h holding) giveBack(trade string) holding {
	if h.deals[trade].holds {
		h = h.expire(trade)
	}
	d := h.deals[trade]
	d.lapsed, d.stated, d.rest = false, decimal.Zero, decimal.Zero
	return h.with(trade, d)
}

// takeAgain returns the holding after a trade took over again what waits for it, and what is still held of the rest that it gave back.
func (h holding) takeAgain(trade string) holding {
	d := h.deals[trade]
	taken, back := decimal.Min(d.part, d.kept()), d.unneeded(d.part)
	others := decimal.Max(decimal.Zero, decimal.Min(d.taken.Sub(taken), h.taken.Sub(h.kept())))
	taken = taken.Add(others)
	all := decimal.Max(d.taken, taken)
	open := decimal.Min(d.part.Sub(all), h.open)
	return h.with(trade, deal{part: d.part, taken: all, holds: true}).less(open, taken.Add(back)).usedBut(back)
}

// usedBut returns the holding after a trade took its part, but for back, which is open again: at its end it lapses at once.
func (h holding) usedBut(back decimal.Decimal) holding {
	if !h.closed {
		h = h.less(back.Neg(), decimal.Zero)
	}
	if h = h.at(used); h.past {
		h = h.lapsed()
	}
	return h
}

// lapsed returns the holding without what is open.
func (h holding) lapsed() holding { return h.less(h.open, decimal.Zero).at(lapsed) }

// take does a step on a part of which enough is left.
func (h holding) take(s step, part decimal.Decimal) holding {
	switch s.what {
	case consume:
		h = h.consume(s.deal, part, s.part.IsZero())
	case cancel:
		h = h.less(part, decimal.Zero).cancelled()
	case reverse:
		h = h.reverse(s.deal, part)
	case order, report:
		h = h.takeOver(s, part)
	}
	if s.free && h.open.IsPositive() {
		h = h.less(h.open, decimal.Zero).cancelled()
	}
	return h
}

// cancelled sets the state after a cancellation.
func (h holding) cancelled() holding {
	h.closed = h.closed || h.open.IsZero()
	return h.at(cancelled)
}

// leftFor returns the part that a step can apply to.
func (h holding) leftFor(s step) decimal.Decimal {
	d := h.deals[s.of()]
	switch s.what {
	case consume:
		return h.open.Add(d.uncovered())
	case order:
		return h.open.Add(d.kept())
	case report:
		return h.open.Add(h.taken).Sub(h.kept()).Add(d.kept())
	case reverse:
		if s.deal != "" && !d.came() {
			return d.kept()
		}
		return h.taken
	}
	return h.open
}

// whole returns the part that a step means if it states none.
func (h holding) whole(s step) decimal.Decimal {
	if d := h.deals[s.of()]; s.what == consume && d.holds {
		return d.uncovered()
	}
	return h.leftFor(s)
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
