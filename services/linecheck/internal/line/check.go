package line

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
)

// Verdict is the result of a check: the usage of each node before and after the deal, and the refusal if a node has no
// room.
type Verdict struct {
	Standings []Standing // in the order of the lines
	Refusal   *Refusal   // nil: every node passes
}

// Standing is the line of one node, with its usage before and after the deal.
type Standing struct {
	Line          Line
	Before, After decimal.Decimal
	Closes        bool // the deal only closes a position of the client; see [Netting]
}

// Headroom returns the exposure that the line has room for before the deal. It is negative if the line is already
// exceeded.
func (s Standing) Headroom() decimal.Decimal { return s.Line.Total().Sub(s.Before) }

// raised reports whether the deal leaves more outstanding than before: it raises the usage, and does not only close a position.
func (s Standing) raised() bool { return !s.Closes && s.After.GreaterThan(s.Before) }

// short returns the amount by which the deal would exceed the line.
func (s Standing) short() decimal.Decimal { return s.After.Sub(s.Line.Total()) }

// Refusal names the binding node and the reason. Text tells a person what to do.
type Refusal struct {
	Code reason.Code // line_exceeded, settlement_exceeded, clip_exceeded or beyond_max_tenor
	Node Node
	Text string
}

// Claim is what a deal would use of the lines of its path.
type Claim struct {
	Terms    Terms
	Exposure Exposure
	Lines    []Line // in the order of the path's nodes
}

// Check compares a claim with its lines. The check passes only if every node passes. It changes nothing. Error:
// ErrNotLoaded.
//
// The rules, in the order in which they refuse: no single deal above the clip, no tenor above the maximum, no exposure
// above limit plus collateral, no receivables on one value date above the settlement limit. If several nodes refuse by
// the same rule, the node with the least room binds.
//
// Tenor and exposure are about what the client may come to owe. So neither refuses a deal that raises the usage of no line: the
// deal leaves less outstanding, also on a late date. The clip is about the deal and not about the line: it stops an order that is
// too large for one, whatever the order is for. The settlement limit is about what is paid on one day before the other side has
// paid: receivables are not netted, so a deal that closes a position adds to them like any other.
func (b *Book) Check(c Claim) (Verdict, error) {
	return b.check(c, nil)
}

// check is Check, but compares the lines after the deal with how they stand now; nil: as the book has them.
func (b *Book) check(c Claim, now []Standing) (Verdict, error) {
	if len(c.Lines) == 0 {
		return Verdict{}, errors.New("check an exposure against no line")
	}
	var v Verdict
	var err error
	if v.Standings, err = b.standings(c); err != nil {
		return Verdict{}, err
	}
	for i := range now {
		v.Standings[i].Before = now[i].Before
	}
	x, lines := c.Exposure, c.Lines
	v.Refusal = firstOf(refuseClip(x, lines), refuseTenor(x, v.Standings), refuseExposure(v.Standings))
	if v.Refusal != nil {
		return v, nil
	}
	v.Refusal, err = b.refuseSettlement(x, lines)
	return v, err
}

// CheckAnew is Check for a deal that uses a part of what a reservation has consumed, as if that part did not count yet. It changes
// nothing.
func (b *Book) CheckAnew(c Claim, source string, part decimal.Decimal) (Verdict, error) {
	whole := b.reservations[source]
	rest := whole
	rest.Taken = whole.Taken.Sub(part)
	return b.judgeWith(whole, rest, func() (Verdict, error) { return b.Check(c) })
}

// judgeWith judges as if a reservation were another form of itself. The book stays as it is.
func (b *Book) judgeWith(whole, rest Reservation, judge func() (Verdict, error)) (Verdict, error) {
	if err := b.move(whole, rest); err != nil {
		return Verdict{}, err
	}
	v, err := judge()
	return v, errors.Join(err, b.move(rest, whole))
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
		"a deal of %s %s is above the largest single deal of %s, which is %s: deal in smaller parts",
		readable(x.Notional), Currency, binding.Node, readable(binding.Limit.Clip.Decimal))}
}

// refuseTenor refuses a deal that is longer than a line allows, unless it raises the usage of no line.
func refuseTenor(x Exposure, standings []Standing) *Refusal {
	if !slices.ContainsFunc(standings, Standing.raised) {
		return nil
	}
	var binding *Line
	for i := range standings {
		l := &standings[i].Line
		if !l.LastDate.IsZero() && x.ValueDate > l.LastDate && (binding == nil || l.LastDate < binding.LastDate) {
			binding = l
		}
	}
	if binding == nil {
		return nil
	}
	return &Refusal{reason.BeyondMaxTenor, binding.Node, fmt.Sprintf(
		"the last value date is %s; %s allows up to %s, %s: choose a nearer value date",
		x.ValueDate, binding.Node, binding.Limit.MaxTenor, binding.LastDate)}
}

// refuseExposure refuses a deal that raises the usage of a line above its total. It never refuses a deal that does not raise
// it, or that only closes a position, even if the line is already exceeded.
func refuseExposure(standings []Standing) *Refusal {
	var binding *Standing
	for i, s := range standings {
		if !s.raised() || s.After.LessThanOrEqual(s.Line.Total()) {
			continue
		}
		if binding == nil || s.short().GreaterThan(binding.short()) {
			binding = &standings[i]
		}
	}
	if binding == nil {
		return nil
	}
	return &Refusal{reason.LineExceeded, binding.Line.Node, binding.explain()}
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

// perDate adds the receivables of the two legs if they settle on the same day.
func perDate(settlements []Settlement) []Settlement {
	if len(settlements) == 2 && settlements[0].ValueDate.Equal(settlements[1].ValueDate) {
		return []Settlement{{settlements[0].ValueDate, settlements[0].Amount.Add(settlements[1].Amount)}}
	}
	return settlements
}
