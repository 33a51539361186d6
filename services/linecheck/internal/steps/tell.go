package steps

import (
	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// tell returns what one of the lines allows and carries. What it carries is what the check compares a deal with.
func (x *lines) tell(i int) (messages.Line, error) {
	l, b := x.lines[i], x.branches[i]
	usage, err := x.found.Book.Usage(l.Node)
	if err != nil {
		return messages.Line{}, err
	}
	standings, err := x.found.Book.Stand(x.lines[i : i+1])
	if err != nil {
		return messages.Line{}, err
	}
	told := messages.Line{
		Node: l.Node.String(), Parents: []string{}, Reserved: usage.Reserved, Consumed: usage.Consumed, Used: standings[0].Before,
		Ladder: x.ladder(l.Node),
	}
	for _, p := range b.Parents {
		told.Parents = append(told.Parents, p.String())
	}
	if covered := usage.Used().Sub(told.Used); l.Node.Level == line.Group {
		told.Covered = &covered
	}
	if peak, due := x.found.Peaks[l.Node]; due {
		told.SettlementPeak = &messages.Settlements([]line.Settlement{peak})[0]
	}
	if x.has[i] {
		allow(&told, standings[0])
	}
	return told, nil
}

// allow adds what the bank has set for the line.
func allow(told *messages.Line, s line.Standing) {
	l, headroom := s.Line, s.Headroom()
	told.Limit, told.Headroom, told.Stated = &l.Limit.Amount, &headroom, messages.StatedOf(l.Stated)
	if l.Node.Level == line.Client {
		told.Collateral = &l.Collateral
	}
	told.SettlementLimit, told.Clip = orNone(l.Limit.Settlement), orNone(l.Limit.Clip)
	if !l.Limit.MaxTenor.IsZero() {
		told.MaxTenor = l.Limit.MaxTenor.String()
	}
}

func orNone(d decimal.NullDecimal) *decimal.Decimal {
	if !d.Valid {
		return nil
	}
	return &d.Decimal
}

// ladder returns what is due at a node, by value date; nil if nobody has asked.
func (x *lines) ladder(n line.Node) []messages.Settlement {
	if !x.asked.Ladder {
		return nil
	}
	return messages.Settlements(x.found.Due[n])
}
