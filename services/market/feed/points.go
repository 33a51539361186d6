package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
)

// curveRecord is a pair's forward points as they are delivered.
type curveRecord struct {
	Points map[string]json.RawMessage `json:"points"` // pips by tenor
	AsOf   time.Time                  `json:"as_of"`  // when the market quoted them; may be absent
}

// curves are the forward points of all pairs.
type curves struct {
	byPair map[string]market.Curve
	asOf   map[string]time.Time // by pair, when its points were quoted; a pair whose record does not say it is absent
}

// decodeCurves decodes the curves of all pairs. What cannot be read of a curve is left out and named by a *mirror.BadRecordsError; the
// other tenors stay. A pair whose curve has no readable tenor has an empty curve, so that nobody takes it for a pair that the
// market quotes no points for.
func decodeCurves(records map[string][]byte) (curves, error) {
	all, faults := curves{make(map[string]market.Curve, len(records)), make(map[string]time.Time, len(records))}, map[string]error{}
	for pair, text := range records {
		var r curveRecord
		err := json.Unmarshal(text, &r)
		if err == nil {
			all.byPair[pair], err = r.curve()
		} else {
			all.byPair[pair] = market.Curve{}
		}
		if err != nil {
			faults[pair] = err
		}
		if !r.AsOf.IsZero() {
			all.asOf[pair] = r.AsOf
		}
	}
	if len(faults) > 0 {
		return all, &mirror.BadRecordsError{Faults: faults}
	}
	return all, nil
}

func (r curveRecord) curve() (market.Curve, error) {
	curve, faults := make(market.Curve, len(r.Points)), []error{}
	for _, name := range slices.Sorted(maps.Keys(r.Points)) {
		tenor, err := fxdate.ParseTenor(name)
		var points decimal.Decimal
		if err == nil {
			err = json.Unmarshal(r.Points[name], &points)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("points of %q are left out: %w", name, err))
			continue
		}
		curve[tenor] = points
	}
	return curve, errors.Join(faults...)
}
