package directory

import (
	"errors"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

// risk holds the parameters that credit risk sets for all clients.
type risk struct {
	addOns   line.AddOns
	haircuts line.Haircuts
}

func decodeRisk(records map[string][]byte) (risk, error) {
	type record struct {
		MaxDays int    `json:"max_days"`
		Factor  amount `json:"factor"`
		Haircut amount `json:"haircut"`
	}
	r := risk{haircuts: line.Haircuts{}}
	err := each(records, func(id string, rec record) error {
		kind, name, _ := strings.Cut(id, "/")
		switch {
		case kind == "add_on" && rec.MaxDays > 0 && rec.Factor.Decimal.IsPositive():
			r.addOns = append(r.addOns, line.AddOn{MaxDays: rec.MaxDays, Factor: rec.Factor.Decimal})
		case kind == "haircut" && rec.Haircut.Valid:
			r.haircuts[name] = rec.Haircut.Decimal
		case kind == "add_on" || kind == "haircut":
			return errors.New("an add-on has max_days and factor, a haircut has haircut")
		}
		return nil
	})
	slices.SortFunc(r.addOns, func(a, b line.AddOn) int { return a.MaxDays - b.MaxDays })
	return r, err
}

func decodeRates(records map[string][]byte) (map[string]decimal.Decimal, error) {
	type record struct {
		Mid amount `json:"mid"` // units of the currency per euro
	}
	mids := make(map[string]decimal.Decimal, len(records)+1)
	err := each(records, func(currency string, r record) error {
		mids[currency] = r.Mid.Decimal
		return nil
	})
	mids["EUR"] = decimal.NewFromInt(1)
	return mids, err
}

// pairSet holds the pairs by name, and their volatilities for line.Market.
type pairSet struct {
	byName     map[string]Pair
	volatility map[string]decimal.Decimal
}

func decodePairs(records map[string][]byte) (pairSet, error) {
	type record struct {
		SpotLag    int    `json:"spot_lag"`
		Volatility amount `json:"volatility"`
	}
	set := pairSet{make(map[string]Pair, len(records)), make(map[string]decimal.Decimal, len(records))}
	return set, each(records, func(name string, r record) error {
		base, quote, ok := strings.Cut(name, "/")
		if !ok || !r.Volatility.Decimal.IsPositive() {
			return errors.New("a pair is named BASE/QUOTE and has a volatility")
		}
		set.byName[name] = Pair{Base: base, Quote: quote, SpotLag: r.SpotLag}
		set.volatility[name] = r.Volatility.Decimal
		return nil
	})
}

func decodeDeposits(records map[string][]byte) (map[string]decimal.Decimal, error) {
	type record struct {
		DepositRate amount `json:"deposit_rate"`
	}
	deposits := make(map[string]decimal.Decimal, len(records))
	return deposits, each(records, func(currency string, r record) error {
		deposits[currency] = r.DepositRate.Decimal
		return nil
	})
}
