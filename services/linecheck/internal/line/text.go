package line

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// explain returns the text of a refusal by exposure, with the amount that is missing.
func (s Standing) explain() string {
	l, extra := s.Line, ""
	if l.Stated.Currency != "" {
		extra = " (" + readable(l.Stated.Amount) + " " + l.Stated.Currency + ")"
	}
	if l.Node.Level == Client {
		extra += " + collateral " + readable(l.Collateral)
	}
	return fmt.Sprintf("line of %s %s: limit %s %s%s; used %s; this deal needs %s; short by %s at node %s",
		l.Node.Level, l.Node.ID, readable(l.Limit.Amount), Currency, extra, readable(s.Before),
		readable(s.After.Sub(s.Before)), readable(s.short()), l.Node)
}

// explainSettlement returns the text of a refusal by settlement limit, with the amount that is missing.
func explainSettlement(l Line, due Settlement, before, short decimal.Decimal) string {
	return fmt.Sprintf("settlement limit of %s: %s %s a day; due on %s: %s; this deal adds %s; short by %s: choose another value date",
		l.Node, readable(l.Limit.Settlement.Decimal), Currency, due.ValueDate.Format(time.DateOnly),
		readable(before), readable(due.Amount), readable(short))
}

// readable formats an amount with thousands separators: 1,234,567.80. Whole amounts have no cents.
func readable(amount decimal.Decimal) string {
	text := amount.StringFixed(minorUnits)
	text = strings.TrimSuffix(text, ".00")
	whole, cents, found := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		return sign + whole + "." + cents
	}
	return sign + whole
}
