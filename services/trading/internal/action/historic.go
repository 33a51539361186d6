package action

import (
	"time"

	"fxcore/services/contract/fxdate"
)

// Historic are the bank's rules for extensions at the historic rate. Such an extension is always a credit: the FX Committee of the Federal
// Reserve Bank of New York asks for management's approval and a commercial need, and the guideline for an end within six months and within
// the fiscal year.
type Historic struct {
	Allowed     bool
	MaxRolls    int        // how often one trade may be extended at the historic rate
	MaxMonths   int        // after the value date that was agreed first
	FiscalMonth time.Month // the last month of the fiscal year
}

// Rolled says how often a trade was extended at the historic rate, and the value date that was agreed first. The zero value is a trade that was
// not extended.
type Rolled struct {
	Times    int
	Original fxdate.Date
}

func (h Historic) check(already Rolled, from, to fxdate.Date) error {
	original := already.Original
	if original.IsZero() {
		original = from
	}
	switch last, fiscal := original.AddMonths(h.MaxMonths), h.fiscalEnd(original); {
	case !h.Allowed:
		return refuse(HistoricForbidden, "the bank extends at the market's rate alone")
	case already.Times >= h.MaxRolls:
		return refuse(HistoricForbidden, "the trade was extended %d times at the historic rate; %d are allowed", already.Times, h.MaxRolls)
	case to > last:
		return refuse(HistoricForbidden, "%s is later than %s, %d months after the first value date", to, last, h.MaxMonths)
	case to > fiscal:
		return refuse(HistoricForbidden, "%s is after the end of the fiscal year, %s", to, fiscal)
	}
	return nil
}

// fiscalEnd returns the last day of the fiscal year in which a date lies.
func (h Historic) fiscalEnd(date fxdate.Date) fxdate.Date {
	year, month, _ := date.Time().Date()
	if month > h.FiscalMonth {
		year++
	}
	return fxdate.NewDate(year, h.FiscalMonth, 1).EndOfMonth()
}
