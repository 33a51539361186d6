package oracle

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// deal is what a line check has to do with one trade.
type deal struct {
	stated, rest decimal.Decimal // consumed for the trade before it came or after it expired, by consumptions that state an amount or none
	part, taken  decimal.Decimal // of the trade that came: its part, and what of that was consumed
	holds        bool            // the trade has its part
	lapsed       bool            // its reservation has expired, and it may still be registered
}

// came reports whether the trade has come, and will not come again.
func (d deal) came() bool { return d.part.IsPositive() && !d.lapsed }

// unneeded returns what was consumed without a stated amount and is not needed for a part.
func (d deal) unneeded(part decimal.Decimal) decimal.Decimal {
	return decimal.Min(d.rest, decimal.Max(decimal.Zero, d.kept().Sub(part)))
}

// kept returns what waits for the trade.
func (d deal) kept() decimal.Decimal { return d.stated.Add(d.rest) }

// uncovered returns what of the trade's part no consumption was for.
func (d deal) uncovered() decimal.Decimal {
	if !d.holds {
		return decimal.Zero
	}
	return d.part.Sub(d.taken)
}

// of returns the trade that a step is about; empty if there is none.
func (s step) of() string {
	if s.trade != "" {
		return s.trade
	}
	return s.deal
}

func (h holding) with(trade string, d deal) holding {
	if h.deals = maps.Clone(h.deals); h.deals == nil {
		h.deals = map[string]deal{}
	}
	h.deals[trade] = d
	return h
}

// kept returns what waits for all trades.
func (h holding) kept() decimal.Decimal {
	sum := decimal.Zero
	for _, d := range h.deals {
		sum = sum.Add(d.kept())
	}
	return sum
}

// consume consumes a part for a trade; for none if trade is empty. What a trade has used already is consumed with it. Else the part
// waits for the trade, unless the trade has come and gone.
func (h holding) consume(trade string, part decimal.Decimal, unstated bool) holding {
	d := h.deals[trade]
	covered := decimal.Min(part, d.uncovered())
	d.taken = d.taken.Add(covered)
	switch {
	case d.came() || trade == "":
	case unstated:
		d.rest = d.rest.Add(part)
	default:
		d.stated = d.stated.Add(part)
	}
	if trade != "" {
		h = h.with(trade, d)
	}
	beyond := part.Sub(covered)
	return h.less(beyond, beyond.Neg()).at(consumed)
}

// takeOver gives a part to a trade: first what waits for it, for a report then what was consumed for no trade, then what is open. What
// waits for it without a stated amount and is not needed is open again.
func (h holding) takeOver(s step, part decimal.Decimal) holding {
	d := h.deals[s.trade]
	usable := d.kept()
	if s.what == report {
		usable = usable.Add(h.taken.Sub(h.kept()))
	}
	taken := decimal.Min(part, usable)
	back := d.unneeded(part)
	return h.with(s.trade, deal{part: part, taken: taken, holds: true}).less(part.Sub(taken), taken.Add(back)).usedBut(back)
}

// reverse reverses a part of what was consumed, for a trade that has not come; for none if trade is empty.
func (h holding) reverse(trade string, part decimal.Decimal) holding {
	if d := h.deals[trade]; trade != "" && !d.came() {
		h = h.with(trade, d.less(part))
	}
	return h.less(decimal.Zero, part).trimmed().at(reversed)
}

// less takes a part of what waits for the trade away.
func (d deal) less(part decimal.Decimal) deal {
	rest := decimal.Min(part, d.rest)
	d.rest, d.stated = d.rest.Sub(rest), d.stated.Sub(decimal.Min(part.Sub(rest), d.stated))
	return d
}

// trimmed returns the holding without what waits for trades and is not consumed any more: the last trade by id loses it first.
func (h holding) trimmed() holding {
	for _, trade := range slices.Backward(slices.Sorted(maps.Keys(h.deals))) {
		over := h.kept().Sub(h.taken)
		if !over.IsPositive() {
			break
		}
		h = h.with(trade, h.deals[trade].less(over))
	}
	return h
}
