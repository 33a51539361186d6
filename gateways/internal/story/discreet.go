package story

import (
	"slices"

	"fxcore/services/contract/reason"
)

// Figures of a client's lines are the client's own affair: limit, collateral, usage. A provider is told them only if its agreement says so.
// discreet has, for each code whose text has such figures, what any other provider is told instead.
var discreet = map[reason.Code]string{
	reason.LineExceeded:       "the client's line has no room for this: deal less, or ask the client's desk at the bank",
	reason.SettlementExceeded: "too much of the client's would settle on one value date: choose another one, or ask the client's desk at the bank",
	reason.ClipExceeded:       "this is above the client's largest single deal: deal in smaller parts",
	reason.BeyondMaxTenor:     "the value date is later than is allowed: choose a nearer one",
}

// WithoutLimits returns the end of a trade as a provider is told it whose agreement shows it no limits.
func (e TradeEnd[E]) WithoutLimits() TradeEnd[E] {
	e.Rejected = e.Rejected.withoutLimits()
	if e.Validated != nil {
		v := *e.Validated
		v.Flags, e.Validated = flagsWithoutLimits(v.Flags), &v
	}
	if e.Registered != nil {
		r := *e.Registered
		r.Flags, e.Registered = flagsWithoutLimits(r.Flags), &r
	}
	return e
}

// WithoutLimits returns the end of a line check as a provider is told it whose agreement shows it no limits.
func (e CheckEnd[E]) WithoutLimits() CheckEnd[E] {
	e.Rejected = e.Rejected.withoutLimits()
	if e.Result != nil {
		r := *e.Result
		r.Nodes, e.Result = nil, &r
	}
	return e
}

func (r *Rejected) withoutLimits() *Rejected {
	if r == nil {
		return nil
	}
	told := *r
	told.Nodes = nil
	if text, figures := discreet[r.Code]; figures {
		told.Text = text
	}
	return &told
}

func flagsWithoutLimits(flags []Flag) []Flag {
	told := slices.Clone(flags)
	for i, f := range told {
		if text, figures := discreet[reason.Code(f.Flag)]; figures {
			told[i].Text = text
		}
	}
	return told
}
