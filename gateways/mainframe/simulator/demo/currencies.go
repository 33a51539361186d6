package demo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// Currency is what the bank keeps of a currency.
type Currency struct {
	Code        string          // ISO 4217
	MinorUnits  int             // decimals of an amount, ISO 4217
	DepositRate decimal.Decimal // a year, as a fraction, compounded beyond a year; made up
	Volatility  decimal.Decimal // a year, against the euro, as a fraction; made up. Shapes the ticks.
}

// Pair is how a pair of currencies is quoted and settled.
type Pair struct {
	Name         string          // base/quote in conventional order, "EUR/USD"
	SpotLag      int             // business days from trade date to spot
	RateDecimals int             // decimals of an electronic quote: the conventional digits and one more
	PointsFactor int             // forward points divided by it give the difference of the rates
	Tolerance    decimal.Decimal // a price may lie this fraction off the reference rate
	MaxRateAge   time.Duration   // an older reference rate decides nothing
	Volatility   decimal.Decimal // a year, as a fraction; made up
	HalfSpread   decimal.Decimal // from mid to bid and to offer, as a fraction of mid; made up
}

// Base is the currency that a rate is the price of.
func (p Pair) Base() string { return p.Name[:3] }

// Quote is the currency in which a rate is expressed.
func (p Pair) Quote() string { return p.Name[4:] }

// Currencies returns the currencies of the bank, by code.
func Currencies() ([]Currency, error) {
	_, rows, err := table("tables/currencies.csv")
	if err != nil {
		return nil, err
	}
	all := make([]Currency, len(rows))
	for i, row := range rows {
		if all[i], err = parseCurrency(row); err != nil {
			return nil, fmt.Errorf("currency %s: %w", row[0], err)
		}
	}
	return all, nil
}

func parseCurrency(row []string) (c Currency, err error) {
	c.Code = row[0]
	if c.MinorUnits, err = strconv.Atoi(row[1]); err != nil {
		return c, fmt.Errorf("minor units: %w", err)
	}
	if c.DepositRate, err = number("deposit rate", row[2]); err != nil {
		return c, err
	}
	c.Volatility, err = number("volatility", row[3])
	return c, err
}

// Pairs returns the pairs that the bank deals, the euro's first.
func Pairs() ([]Pair, error) {
	_, rows, err := table("tables/pairs.csv")
	if err != nil {
		return nil, err
	}
	all := make([]Pair, len(rows))
	for i, row := range rows {
		if all[i], err = parsePair(row); err != nil {
			return nil, fmt.Errorf("pair %s: %w", row[0], err)
		}
	}
	return all, nil
}

func parsePair(row []string) (Pair, error) {
	p := Pair{Name: row[0]}
	var seconds int
	for i, into := range []*int{&p.SpotLag, &p.RateDecimals, &p.PointsFactor, nil, &seconds} {
		if into == nil {
			continue
		}
		n, err := strconv.Atoi(row[i+1])
		if err != nil {
			return p, fmt.Errorf("column %d: %w", i+2, err)
		}
		*into = n
	}
	p.MaxRateAge = time.Duration(seconds) * time.Second
	var err error
	if p.Tolerance, err = number("tolerance", row[4]); err != nil {
		return p, err
	}
	if p.Volatility, err = number("volatility", row[6]); err != nil {
		return p, err
	}
	p.HalfSpread, err = number("half spread", row[7])
	return p, err
}
