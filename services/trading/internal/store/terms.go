package store

import (
	_ "embed" // the query
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/trade"
)

//go:embed queries/terms.sql
var termsSQL string

// Agreed maps versions of trades to what was agreed. It is filled when the batch has been sent.
type Agreed map[trade.Ref]*trade.Trade

// QueueTerms queues the query for what was agreed by the given versions: names, dates and legs, without the market of that time and the flags.
func QueueTerms(b *pgx.Batch, refs []trade.Ref) Agreed {
	found := Agreed{}
	if len(refs) == 0 {
		return found
	}
	ids, versions := refColumns(refs)
	b.Queue(termsSQL, ids, versions).Query(found.scan)
	return found
}

func (a Agreed) scan(rows pgx.Rows) error {
	for rows.Next() {
		var t trade.Trade
		var leg trade.Leg
		var traded, spot, value time.Time
		var dollars, base, quote, rate string
		if err := rows.Scan(&t.ID, &t.Version, &t.Kind, &t.Provider, &t.Reference, &t.QuoteID, &t.Client, &t.Account, &t.Product, &t.Pair,
			&t.DealtCurrency, &traded, &t.TransactedAt, &spot, &dollars, &t.RegisteredAt,
			&value, &leg.Base, &leg.BaseSide, &base, &leg.Quote, &quote, &rate); err != nil {
			return fmt.Errorf("read what was agreed: %w", err)
		}
		if err := decimals(map[*decimal.Decimal]string{&t.USDAmount: dollars, &leg.BaseAmount: base, &leg.QuoteAmount: quote, &leg.Rate: rate}); err != nil {
			return fmt.Errorf("read what was agreed by trade %s: %w", t.ID, err)
		}
		t.TradeDate, t.SpotDate, leg.ValueDate = fxdate.DateOf(traded.UTC()), fxdate.DateOf(spot.UTC()), fxdate.DateOf(value.UTC())
		t.TransactedAt, t.RegisteredAt = t.TransactedAt.UTC(), t.RegisteredAt.UTC()
		if a[t.Ref] == nil {
			a[t.Ref] = &t
		}
		a[t.Ref].Legs = append(a[t.Ref].Legs, leg)
	}
	return rows.Err()
}

// decimals parses what the database has as text.
func decimals(texts map[*decimal.Decimal]string) (err error) {
	for into, text := range texts {
		if *into, err = decimal.NewFromString(text); err != nil {
			return err
		}
	}
	return nil
}
