package line

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
)

// Verdict is the answer of a check: how each node would stand, and the refusal if one of them does not bear it.
type Verdict struct {
	Standings []Standing // in the order of the lines
	Refusal   *Refusal   // nil: every node passes
}

// Standing is one node's line with its use before the deal and with it.
type Standing struct {
	Line          Line
	Before, After decimal.Decimal
}

// Headroom is what the line bears before the deal; negative when it is over already.
func (s Standing) Headroom() decimal.Decimal { return s.Line.Total().Sub(s.Before) }

// Refusal says which node binds, and why, for a person who has to act on it.
type Refusal struct {
	Code reason.Code // line_exceeded, settlement_exceeded, clip_exceeded or beyond_max_tenor
	Node Node
	Text string
}

// Check holds an exposure against the lines of its path: every node bears it or none does. It changes nothing.
//
// The rules, in the order in which they are told: no single deal over the clip, no tenor beyond the maximum, no
// exposure over limit plus collateral, no receivables of one value date over the settlement limit. Among several nodes
// that refuse by one rule, the one with the least room binds.
func (b *Book) Check(x Exposure, lines []Line) (Verdict, error) {
	if len(lines) == 0 {
		return Verdict{}, errors.New("check an exposure against no line")
	}
	v := Verdict{Standings: make([]Standing, len(lines))}
	for i, l := range lines {
		usage, err := b.Usage(l.Node)
		if err != nil {
			return Verdict{}, err
		}
		used := usage.Used()
		v.Standings[i] = Standing{Line: l, Before: used, After: used.Add(x.Amount)}
	}
	v.Refusal = firstOf(refuseClip(x, lines), refuseTenor(x, lines), refuseExposure(x, v.Standings))
	if v.Refusal != nil {
		return v, nil
	}
	var err error
	v.Refusal, err = b.refuseSettlement(x, lines)
	return v, err
}

func firstOf(refusals ...*Refusal) *Refusal {
	for _, r := range refusals {
		if r != nil {
			return r
		}
	}
	return nil
}

func refuseClip(x Exposure, lines []Line) *Refusal {
	var binding *Line
	for i, l := range lines {
		clip := l.Limit.Clip
		if clip.Valid && x.Notional.GreaterThan(clip.Decimal) && (binding == nil || clip.Decimal.LessThan(binding.Limit.Clip.Decimal)) {
			binding = &lines[i]
		}
	}
	if binding == nil {
		return nil
	}
	return &Refusal{reason.ClipExceeded, binding.Node, fmt.Sprintf(
		"a deal of %s %s is over the largest single deal of %s, %s: deal in smaller parts",
		readable(x.Notional), Currency, binding.Node, readable(binding.Limit.Clip.Decimal))}
}

func refuseTenor(x Exposure, lines []Line) *Refusal {
	var binding *Line
	for i, l := range lines {
		longest := l.Limit.MaxTenorDays
		if longest > 0 && x.TenorDays > longest && (binding == nil || longest < binding.Limit.MaxTenorDays) {
			binding = &lines[i]
		}
	}
	if binding == nil {
		return nil
	}
	return &Refusal{reason.BeyondMaxTenor, binding.Node, fmt.Sprintf(
		"the last value date is %d days after the trade date; %s allows %d: choose a nearer value date",
		x.TenorDays, binding.Node, binding.Limit.MaxTenorDays)}
}

// refuseExposure lets through what does not increase a line's use, even where the line is over.
func refuseExposure(x Exposure, standings []Standing) *Refusal {
	if x.Amount.IsZero() {
		return nil
	}
	tightest := slices.MinFunc(standings, func(a, b Standing) int { return a.Headroom().Cmp(b.Headroom()) })
	if x.Amount.LessThanOrEqual(tightest.Headroom()) {
		return nil
	}
	return &Refusal{reason.LineExceeded, tightest.Line.Node, tightest.explain(x.Amount)}
}

func (b *Book) refuseSettlement(x Exposure, lines []Line) (*Refusal, error) {
	var worst *Refusal
	most := decimal.Zero
	for _, l := range lines {
		if !l.Limit.Settlement.Valid {
			continue
		}
		for _, due := range perDate(x.Settlements) {
			before, err := b.Settled(Bucket{l.Node, due.ValueDate})
			if err != nil {
				return nil, err
			}
			if short := before.Add(due.Amount).Sub(l.Limit.Settlement.Decimal); short.GreaterThan(most) {
				worst, most = &Refusal{reason.SettlementExceeded, l.Node, explainSettlement(l, due, before, short)}, short
			}
		}
	}
	return worst, nil
}

// perDate adds up what is received on the same day.
func perDate(settlements []Settlement) []Settlement {
	if len(settlements) == 2 && settlements[0].ValueDate.Equal(settlements[1].ValueDate) {
		return []Settlement{{settlements[0].ValueDate, settlements[0].Amount.Add(settlements[1].Amount)}}
	}
	return settlements
}
