package directory

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/market"
	"fxcore/services/settlement/internal/balancing"
)

// Balancing returns the rules by which desks' books are balanced, by desk.
func (d *Directory) Balancing() []balancing.Rule { return d.balancing }

// Rate implements [balancing.Rates] with the reference rates. A rate may be as old as trades of the pair allow it to be. Errors:
// market.ErrNoData, balancing.ErrOldRate.
func (d *Directory) Rate(from, to string, now time.Time) (decimal.Decimal, error) {
	if d.market == nil {
		return decimal.Zero, fmt.Errorf("%w: %w", balancing.ErrOldRate, market.ErrNoData)
	}
	mid, err := d.market.Conversion(from, to)
	if err == nil && now.Sub(mid.AsOf) > d.rateAge(from, to) {
		err = fmt.Errorf("%w: %s against %s is as of %s", balancing.ErrOldRate, from, to, mid.AsOf.UTC().Format(time.RFC3339))
	}
	return mid.Rate, err
}

// usualRateAge is how old the rate of two currencies may be that the bank does not deal as a pair.
const usualRateAge = 5 * time.Minute

func (d *Directory) rateAge(a, b string) time.Duration {
	for _, name := range []string{a + "/" + b, b + "/" + a} {
		if pair, err := d.market.Pair(name); err == nil && pair.MaxRateAge > 0 {
			return pair.MaxRateAge
		}
	}
	return usualRateAge
}

// Decimals implements [balancing.Rates].
func (d *Directory) Decimals(currency string) (int32, bool) {
	if d.market == nil {
		return 0, false
	}
	return d.market.Decimals(currency)
}

// ruleRecord is a record of the set "balancing", by desk.
type ruleRecord struct {
	Into     string `json:"into"`
	Currency string `json:"currency"`
}

func (r ruleRecord) check(desk string) error {
	if r.Into == "" || r.Into == desk || r.Currency == "" {
		return errors.New("a desk's books go into those of another desk, and its result stays in a currency")
	}
	return nil
}

// decodeBalancing leaves out a rule whose books go into those of a desk with a rule of its own. With such a chain or circle the
// outcome would depend on the order of the desks.
func decodeBalancing(records map[string][]byte) ([]balancing.Rule, error) {
	var rules []balancing.Rule
	err := mirror.Decode(records, func(desk string, r ruleRecord) error {
		if err := r.check(desk); err != nil {
			return err
		}
		var next ruleRecord
		if json.Unmarshal(records[r.Into], &next) == nil && next.check(r.Into) == nil {
			return fmt.Errorf("its books go into those of %s, which go into those of %s: a chain or a circle of desks", r.Into, next.Into)
		}
		rules = append(rules, balancing.Rule{Desk: desk, Into: r.Into, Currency: r.Currency})
		return nil
	})
	slices.SortFunc(rules, func(a, b balancing.Rule) int { return cmp.Compare(a.Desk, b.Desk) })
	return rules, err
}
