package feed

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
)

const maxMinorUnits = 4 // ISO 4217

func decodeCurrencies(records map[string][]byte) (map[string]market.Currency, error) {
	type record struct {
		MinorUnits  *int32          `json:"minor_units"`
		DepositRate decimal.Decimal `json:"deposit_rate"` // yearly, as a fraction
		CutOffs     []cutOffRecord  `json:"cut_offs"`
	}
	currencies := make(map[string]market.Currency, len(records))
	return currencies, mirror.Decode(records, func(code string, r record) error {
		if r.MinorUnits == nil || *r.MinorUnits < 0 || *r.MinorUnits > maxMinorUnits {
			return fmt.Errorf("minor_units must be 0 to %d", maxMinorUnits)
		}
		if r.DepositRate.Abs().GreaterThanOrEqual(decimal.NewFromInt(1)) {
			return errors.New("deposit_rate is a fraction, 0.0425")
		}
		cutOffs, err := cutOffs(r.CutOffs)
		if err != nil {
			return err
		}
		currencies[code] = market.Currency{Code: code, MinorUnits: *r.MinorUnits, DepositRate: r.DepositRate, CutOffs: cutOffs}
		return nil
	})
}

// formerBand is the usual band. A pair in the former form has a tolerance only, of which the half spread is then a part.
var formerBand = decimal.NewFromInt(25)

func decodePairs(records map[string][]byte) ([]market.Terms, error) {
	type record struct {
		SpotLag           int                 `json:"spot_lag"`
		RateDecimals      int32               `json:"rate_decimals"`
		PointsFactor      decimal.Decimal     `json:"points_factor"`
		HalfSpread        decimal.Decimal     `json:"half_spread"`   // a fraction of the reference rate
		PointsSpread      decimal.Decimal     `json:"points_spread"` // half spread of the points of one year, a fraction of the rate; may be absent
		Band              decimal.Decimal     `json:"band"`          // in half spreads
		ClientBand        decimal.NullDecimal `json:"client_band"`   // in half spreads, where the client gains; may be absent
		MaxRateAgeSeconds int                 `json:"max_rate_age_seconds"`
		Volatility        decimal.Decimal     `json:"volatility"` // yearly, a fraction
		Rolls             []rollRecord        `json:"rolls"`
		BrokenDates       bool                `json:"broken_dates"`
		Tolerance         decimal.Decimal     `json:"tolerance"` // the former form of half_spread and band: their product
	}
	pairs := make([]market.Terms, 0, len(records))
	err := mirror.Decode(records, func(name string, r record) error {
		base, quote, ok := strings.Cut(name, "/")
		if r.HalfSpread.IsZero() && r.Band.IsZero() {
			r.HalfSpread, r.Band = r.Tolerance.Div(formerBand), formerBand
		}
		switch {
		case !ok:
			return errors.New("a pair is named BASE/QUOTE")
		case r.RateDecimals < 0 || r.RateDecimals > 8:
			return errors.New("rate_decimals must be 0 to 8")
		case !r.PointsFactor.IsPositive() || !r.HalfSpread.IsPositive() || !r.Band.IsPositive() || r.MaxRateAgeSeconds <= 0:
			return errors.New("points_factor, half_spread, band and max_rate_age_seconds must be positive")
		case r.Volatility.IsNegative() || r.PointsSpread.IsNegative() || r.ClientBand.Decimal.IsNegative():
			return errors.New("volatility, points_spread and client_band must not be negative")
		}
		rolls, err := rolls(r.Rolls)
		if err != nil {
			return err
		}
		pairs = append(pairs, market.Terms{
			Base: base, Quote: quote, SpotLag: r.SpotLag, Decimals: r.RateDecimals, PointsFactor: r.PointsFactor,
			HalfSpread: r.HalfSpread, PointsSpread: r.PointsSpread, Band: r.Band, ClientBand: r.ClientBand, MaxRateAge: time.Duration(r.MaxRateAgeSeconds) * time.Second,
			Volatility: r.Volatility, Rolls: rolls, BrokenDates: r.BrokenDates,
		})
		return nil
	})
	return pairs, err
}

func decodeRates(records map[string][]byte) (map[string]pricing.Mid, error) {
	type record struct {
		Mid  decimal.Decimal `json:"mid"` // units of the currency per euro
		AsOf time.Time       `json:"as_of"`
	}
	mids := make(map[string]pricing.Mid, len(records))
	return mids, mirror.Decode(records, func(currency string, r record) error {
		mids[currency] = pricing.Mid{Rate: r.Mid, AsOf: r.AsOf}
		return nil
	})
}
