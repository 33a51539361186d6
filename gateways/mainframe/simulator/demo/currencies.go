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
	CutOffs     []CutOff        // made up, near what correspondent banks ask of each other
}

// Pair is how a pair of currencies is quoted and settled.
//
// The decimals in tables/pairs.csv are the rateDigits of OpenGamma Strata's CurrencyPair.ini
// (github.com/OpenGamma/Strata, modules/basics/src/main/resources/META-INF/com/opengamma/strata/config/base) and one more for
// electronic quotes, five at most. Strata's digits of the yen's crosses, of USD/INR and of USD/IDR have that one already. A
// pair that Strata does not have gets the digits of its quote currency's pair with the dollar.
type Pair struct {
	Name         string          // base/quote in conventional order, "EUR/USD"
	SpotLag      int             // business days from trade date to spot
	RateDecimals int             // of an electronic quote
	PointsFactor int             // forward points divided by it give the difference of the rates
	MaxRateAge   time.Duration   // an older reference rate decides nothing
	Volatility   decimal.Decimal // a year, as a fraction; made up
	HalfSpread   decimal.Decimal // from mid to bid and to offer, as a fraction of mid; made up
	PointsSpread decimal.Decimal // from mid to bid and to offer of the forward points of one year, as a fraction of the rate; made up
	Band         int             // a price may lie so many half spreads off the reference rate
	ClientBand   int             // the same where the client gains by the price
	BrokenDates  bool            // whether a date is allowed on which only one of the two currencies settles
	Rolls        []Roll          // of the trade date; none: 17:00 in New York
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
	cutOffs, err := readCutOffs()
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		if all[i], err = parseCurrency(row); err != nil {
			return nil, fmt.Errorf("currency %s: %w", row[0], err)
		}
		all[i].CutOffs = cutOffs[row[0]]
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
	rolls, err := readRolls()
	if err != nil {
		return nil, err
	}
	broken, err := readBrokenDates()
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		if all[i], err = parsePair(row); err != nil {
			return nil, fmt.Errorf("pair %s: %w", row[0], err)
		}
		all[i].Rolls, all[i].BrokenDates = rolls[row[0]], broken[row[0]]
	}
	return all, nil
}

func parsePair(row []string) (Pair, error) {
	p := Pair{Name: row[0]}
	var seconds int
	whole := map[int]*int{1: &p.SpotLag, 2: &p.RateDecimals, 3: &p.PointsFactor, 4: &seconds, 7: &p.Band, 9: &p.ClientBand}
	for column, into := range whole {
		n, err := strconv.Atoi(row[column])
		if err != nil {
			return p, fmt.Errorf("column %d: %w", column+1, err)
		}
		*into = n
	}
	p.MaxRateAge = time.Duration(seconds) * time.Second
	var err error
	if p.Volatility, err = number("volatility", row[5]); err != nil {
		return p, err
	}
	if p.HalfSpread, err = number("half spread", row[6]); err != nil {
		return p, err
	}
	p.PointsSpread, err = number("points spread", row[8])
	return p, err
}
