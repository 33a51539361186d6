package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
)

// Rates maps an instant (in UTC) to the rates that were recorded last before it. It is filled when the batch has been sent. An
// instant before all recorded rates is absent.
type Rates map[time.Time]market.Rates

// midRow is the rate of one currency as the column mids has it.
type midRow struct {
	Rate decimal.Decimal `json:"rate"`
	AsOf time.Time       `json:"as_of"`
}

// QueueRates queues the query for the rates of the given instants.
func QueueRates(b *pgx.Batch, instants []time.Time) Rates {
	rates := make(Rates, len(instants))
	if len(instants) > 0 {
		b.Queue(ratesAtSQL, instants).Query(rates.scan)
	}
	return rates
}

func (r Rates) scan(rows pgx.Rows) error {
	for rows.Next() {
		var at, asOf time.Time
		var mids, points []byte
		if err := rows.Scan(&at, &asOf, &mids, &points); err != nil {
			return fmt.Errorf("read recorded rates: %w", err)
		}
		rates, err := decodeRates(asOf.UTC(), mids, points)
		if err != nil {
			return err
		}
		r[at.UTC()] = rates
	}
	return rows.Err()
}

func decodeRates(asOf time.Time, mids, points []byte) (market.Rates, error) {
	var rows map[string]midRow
	var curves map[string]map[string]decimal.Decimal
	if err := json.Unmarshal(mids, &rows); err != nil {
		return market.Rates{}, fmt.Errorf("read recorded rates: %w", err)
	}
	if err := json.Unmarshal(points, &curves); err != nil {
		return market.Rates{}, fmt.Errorf("read recorded points: %w", err)
	}
	rates := market.Rates{Mids: make(map[string]pricing.Mid, len(rows)), AsOf: asOf}
	if curves != nil { // nil: no points were known
		rates.Curves = make(map[string]market.Curve, len(curves))
	}
	for currency, row := range rows {
		rates.Mids[currency] = pricing.Mid{Rate: row.Rate, AsOf: row.AsOf}
	}
	for pair, byTenor := range curves {
		curve := make(market.Curve, len(byTenor))
		for name, pips := range byTenor {
			tenor, err := fxdate.ParseTenor(name)
			if err != nil {
				return rates, fmt.Errorf("read recorded points: %w", err)
			}
			curve[tenor] = pips
		}
		rates.Curves[pair] = curve
	}
	return rates, nil
}

// encodeRates returns mids and points as their columns have them.
func encodeRates(rates market.Rates) (mids, points []byte, err error) {
	rows := make(map[string]midRow, len(rates.Mids))
	for currency, mid := range rates.Mids {
		rows[currency] = midRow{Rate: mid.Rate, AsOf: mid.AsOf}
	}
	curves := make(map[string]map[string]decimal.Decimal, len(rates.Curves))
	for pair, curve := range rates.Curves {
		curves[pair] = make(map[string]decimal.Decimal, len(curve))
		for tenor, pips := range curve {
			curves[pair][tenor.String()] = pips
		}
	}
	if mids, err = json.Marshal(rows); err != nil {
		return nil, nil, fmt.Errorf("record rates: %w", err)
	}
	if points, err = json.Marshal(curves); err != nil {
		return nil, nil, fmt.Errorf("record points: %w", err)
	}
	return mids, points, nil
}
