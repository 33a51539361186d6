// Package market holds the bank's data about currencies, pairs and rates at one moment, as one immutable value. All
// trades of a batch are decided on the same value. The package is pure: package feed builds the value.
package market

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
	"fxcore/services/market/hours"
	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// The errors of the lookups.
var (
	ErrUnknownPair = errors.New("the bank does not deal the pair")
	ErrNoData      = errors.New("static data is missing or too old")
)

const dollar = "USD"

// Currency is a currency that the bank deals.
type Currency struct {
	Code        string          // ISO 4217
	MinorUnits  int32           // decimals of an amount
	DepositRate decimal.Decimal // yearly, a fraction; see pricing.Growth
	CutOffs     hours.CutOffs   // until when it can settle on a value date
}

// Terms are the conventions of a pair, not yet joined to its currencies and calendars.
type Terms struct {
	Base, Quote  string
	SpotLag      int                 // business days from trade date to spot
	Decimals     int32               // decimals of a spot rate
	PointsFactor decimal.Decimal     // forward points divided by it are a rate
	HalfSpread   decimal.Decimal     // from mid to bid and to offer, a fraction of the rate
	PointsSpread decimal.Decimal     // half spread of the forward points of one year, a fraction of the rate; zero: as HalfSpread
	Band         decimal.Decimal     // how many half spreads a price may lie off the reference rate
	ClientBand   decimal.NullDecimal // the same where the client gains by it; not valid: as Band
	MaxRateAge   time.Duration       // of the reference rate on which a price is judged
	Volatility   decimal.Decimal     // of the rate, yearly, a fraction; zero where nobody has set one
	Rolls        []hours.Roll        // when the trade date rolls; empty: at 17:00 in New York
	BrokenDates  bool                // whether a date is allowed on which only one of the two currencies settles, or not the dollar
}

// Name returns the pair in its conventional order: "EUR/USD".
func (t Terms) Name() string { return t.Base + "/" + t.Quote }

// Pair is a pair that the bank deals, with everything on which its dates, amounts and prices depend.
type Pair struct {
	Name         string
	Base, Quote  Currency
	Decimals     int32
	PointsFactor decimal.Decimal
	HalfSpread   decimal.Decimal
	PointsSpread decimal.Decimal
	Band         decimal.Decimal
	ClientBand   decimal.Decimal
	MaxRateAge   time.Duration
	Volatility   decimal.Decimal
	Dates        valuedate.Pair
	Rolls        hours.Rolls
	BrokenDates  bool
}

// TradeDate returns the pair's trade date at an instant.
func (p *Pair) TradeDate(at time.Time) fxdate.Date { return p.Rolls.TradeDate(at) }

// Deadline returns the last instant at which both currencies can still settle on a value date, and the currency whose cut-off
// comes first; false if neither has one. Error: calendar.ErrNoBusinessDay.
func (p *Pair) Deadline(value fxdate.Date) (until time.Time, currency string, found bool, err error) {
	calendars := p.Dates.Legs()
	for i, c := range []Currency{p.Base, p.Quote} {
		cutOff, has := c.CutOffs.For(value)
		if !has {
			continue
		}
		own, err := cutOff.Deadline(calendars[i], value)
		if err != nil {
			return until, currency, false, err
		}
		if !found || own.Before(until) {
			until, currency, found = own, c.Code, true
		}
	}
	return until, currency, found, nil
}

// Deposits returns the deposit rates of both currencies.
func (p *Pair) Deposits() pricing.Deposits {
	return pricing.Deposits{Base: p.Base.DepositRate, Quote: p.Quote.DepositRate}
}

// Static is the data of which a directory is built, and its age.
type Static struct {
	Currencies map[string]Currency
	Pairs      []Terms
	Calendars  map[string]*calendar.Calendar
	AsOf       time.Time     // when the oldest part was true at its origin
	MaxAge     time.Duration // the largest age for decisions
	Version    int64         // of the calendars
}

// Directory is the part of a market that changes slowly: everything except the rates. It is immutable.
type Directory struct {
	currencies map[string]Currency
	pairs      map[string]*Pair
	faults     map[string]error // why a pair of the static data cannot be dealt, by pair name
	calendars  map[string]*calendar.Calendar
	asOf       time.Time
	maxAge     time.Duration
	version    int64
}

// NewDirectory joins pairs to their currencies and calendars. If data of a pair is missing or wrong, only that pair
// cannot be dealt: a lookup of it returns ErrNoData with the reason.
func NewDirectory(s Static) *Directory {
	d := &Directory{
		currencies: s.Currencies, pairs: make(map[string]*Pair, len(s.Pairs)), faults: map[string]error{},
		asOf: s.AsOf, maxAge: s.MaxAge, version: s.Version, calendars: s.Calendars,
	}
	for _, terms := range s.Pairs {
		pair, err := d.join(terms, s.Calendars)
		if err != nil {
			d.faults[terms.Name()] = err
			continue
		}
		d.pairs[pair.Name] = pair
	}
	return d
}

// Usable returns ErrNoData if the directory is too old for decisions at the time now.
func (d *Directory) Usable(now time.Time) error {
	if now.Sub(d.asOf) <= d.maxAge {
		return nil
	}
	return fmt.Errorf("%w: pairs and calendars are as of %s, older than %s", ErrNoData, d.asOf.UTC().Format(time.RFC3339), d.maxAge)
}

// CalendarsVersion returns the version of the calendars. It grows whenever a holiday is added, moved or removed.
func (d *Directory) CalendarsVersion() int64 { return d.version }

// Calendars returns the joint calendar of currencies, whether or not the bank deals a pair of them. Error: ErrNoData where one
// has no calendar.
func (d *Directory) Calendars(currencies ...string) (calendar.Joint, error) {
	joint := make(calendar.Joint, len(currencies))
	for i, code := range currencies {
		if joint[i] = d.calendars[code]; joint[i] == nil {
			return nil, fmt.Errorf("%w: the calendar of %s is not in static data", ErrNoData, code)
		}
	}
	return joint, nil
}

// Knows reports whether the bank deals the currency.
func (d *Directory) Knows(currency string) bool {
	_, ok := d.currencies[currency]
	return ok
}

// Decimals returns the decimals of an amount in a currency; false if the bank does not deal it.
func (d *Directory) Decimals(currency string) (int32, bool) {
	c, ok := d.currencies[currency]
	return c.MinorUnits, ok
}

// Pairs returns the pairs that the bank deals, by name.
func (d *Directory) Pairs() []*Pair {
	return slices.SortedFunc(maps.Values(d.pairs), func(a, b *Pair) int { return cmp.Compare(a.Name, b.Name) })
}

// Pair returns a pair by its conventional name. Errors: ErrUnknownPair, and ErrNoData with the missing data.
func (d *Directory) Pair(name string) (*Pair, error) {
	if pair, ok := d.pairs[name]; ok {
		return pair, nil
	}
	if fault, ok := d.faults[name]; ok {
		return nil, fmt.Errorf("%w: %s: %w", ErrNoData, name, fault)
	}
	return nil, fmt.Errorf("%w: %s", ErrUnknownPair, name)
}

func (d *Directory) join(t Terms, calendars map[string]*calendar.Calendar) (*Pair, error) {
	for _, code := range []string{t.Base, t.Quote, dollar} {
		if !d.Knows(code) {
			return nil, fmt.Errorf("currency %s is not in static data", code)
		}
		if calendars[code] == nil {
			return nil, fmt.Errorf("the calendar of %s is not in static data", code)
		}
	}
	dates, err := valuedate.NewPair(t.SpotLag, calendars[t.Base], calendars[t.Quote], calendars[dollar])
	if err != nil {
		return nil, err
	}
	if t.PointsSpread.IsZero() {
		t.PointsSpread = t.HalfSpread
	}
	if !t.ClientBand.Valid {
		t.ClientBand.Decimal = t.Band
	}
	return &Pair{
		Name: t.Name(), Base: d.currencies[t.Base], Quote: d.currencies[t.Quote], Decimals: t.Decimals,
		PointsFactor: t.PointsFactor, HalfSpread: t.HalfSpread, PointsSpread: t.PointsSpread, Band: t.Band, ClientBand: t.ClientBand.Decimal,
		MaxRateAge: t.MaxRateAge, Volatility: t.Volatility,
		Dates: dates, Rolls: hours.NewRolls(t.Rolls...), BrokenDates: t.BrokenDates,
	}, nil
}
