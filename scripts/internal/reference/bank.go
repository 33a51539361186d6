// Package reference is the demo's bank and market as the core sees them: its calendars, its pairs and its reference rates on any
// date. A program that prices a date asks here, because the core judges forward points by a narrow band.
package reference

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/hours"
)

// Bank is the demo's bank as the core knows it. It is immutable and safe for concurrent use.
type Bank struct {
	Directory *market.Directory
	Demo      demo.Bank
	market    *demo.Market
}

// New reads the demo's bank and market.
func New() (*Bank, error) {
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	prices, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	static, err := staticOf(bank)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return &Bank{market.NewDirectory(static), bank, prices}, nil
}

func staticOf(bank demo.Bank) (s market.Static, err error) {
	s = market.Static{Currencies: map[string]market.Currency{}}
	if s.Calendars, err = calendars(bank); err != nil {
		return s, err
	}
	for _, c := range bank.Currencies {
		currency := market.Currency{Code: c.Code, MinorUnits: int32(c.MinorUnits), DepositRate: c.DepositRate} //nolint:gosec // a handful of decimals
		if currency.CutOffs, err = cutOffs(c.CutOffs); err != nil {
			return s, err
		}
		s.Currencies[c.Code] = currency
	}
	for _, p := range bank.Pairs {
		terms, err := termsOf(p)
		if err != nil {
			return s, err
		}
		s.Pairs = append(s.Pairs, terms)
	}
	return s, nil
}

func termsOf(p demo.Pair) (market.Terms, error) {
	terms := market.Terms{
		Base: p.Base(), Quote: p.Quote(), SpotLag: p.SpotLag, Decimals: int32(p.RateDecimals), //nolint:gosec // a handful of decimals
		PointsFactor: decimal.NewFromInt(int64(p.PointsFactor)), HalfSpread: p.HalfSpread, Band: decimal.NewFromInt(int64(p.Band)),
		MaxRateAge: p.MaxRateAge, Volatility: p.Volatility, BrokenDates: p.BrokenDates, PointsSpread: p.PointsSpread,
		ClientBand: decimal.NewNullDecimal(decimal.NewFromInt(int64(p.ClientBand))),
	}
	for _, r := range p.Rolls {
		at, err := hours.ParseTimeOfDay(r.At, r.Zone)
		if err != nil {
			return terms, err
		}
		terms.Rolls = append(terms.Rolls, hours.Roll{From: fxdate.DateOf(r.From), At: at})
	}
	return terms, nil
}

func cutOffs(all []demo.CutOff) (hours.CutOffs, error) {
	read := make([]hours.CutOff, len(all))
	for i, o := range all {
		at, err := hours.ParseTimeOfDay(o.At, o.Zone)
		if err != nil {
			return nil, err
		}
		read[i] = hours.CutOff{From: fxdate.DateOf(o.From), DaysBefore: o.DaysBefore, At: at}
	}
	return hours.NewCutOffs(read...)
}

func calendars(bank demo.Bank) (map[string]*calendar.Calendar, error) {
	weekends, holidays := map[string][]calendar.Weekend{}, map[string]map[fxdate.Date]string{}
	for _, w := range bank.Weekends {
		weekends[w.Currency] = append(weekends[w.Currency], calendar.Weekend{From: fxdate.DateOf(w.From), Days: w.Days})
		holidays[w.Currency] = map[fxdate.Date]string{}
	}
	for _, h := range bank.Holidays {
		holidays[h.Currency][fxdate.DateOf(h.Date)] = h.Name
	}
	all := map[string]*calendar.Calendar{}
	for currency, rules := range weekends {
		c, err := calendar.New(currency, rules, holidays[currency])
		if err != nil {
			return nil, err
		}
		all[currency] = c
	}
	return all, nil
}
