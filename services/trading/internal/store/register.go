package store

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/trading/internal/trade"
)

// Known is a set of ids of registered trades. It is filled when the batch has been sent.
type Known map[string]bool

// QueueKnown queues the query that finds which of the ids are registered.
func QueueKnown(b *pgx.Batch, ids []string) Known {
	k := make(Known, len(ids))
	if len(ids) > 0 {
		b.Queue(knownSQL, ids).Query(k.scan)
	}
	return k
}

func (k Known) scan(rows pgx.Rows) error {
	var id string
	_, err := pgx.ForEachRow(rows, []any{&id}, func() error {
		k[id] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for registered trades: %w", err)
	}
	return nil
}

// QueueRegister queues the insert of the trades with their legs. It fails the batch (23505) if a trade is registered
// already.
func QueueRegister(b *pgx.Batch, trades []trade.Trade) {
	if len(trades) == 0 {
		return
	}
	var t tradeColumns
	var l legColumns
	for _, registered := range trades {
		t.add(registered)
		for i, leg := range registered.Legs {
			l.add(registered.Ref, i+1, leg)
		}
	}
	b.Queue(registerSQL, t.ids, t.versions, t.statuses, t.kinds, t.providers, t.references, t.quoteIDs, t.clients, t.accounts,
		t.products, t.bases, t.quotes, t.dealt, t.tradeDates, t.transacted, t.spotDates, t.rates, t.ratesAsOf, t.dollars, t.registered, t.spotRates, t.flags, t.reported)
	b.Queue(registerLegsSQL, l.ids, l.versions, l.legs, l.valueDates, l.bases, l.sides, l.baseAmounts, l.quotes, l.quoteAmounts, l.rates, l.points)
}

// tradeColumns holds trades by column, for unnest. Decimals are sent as text, so that they stay exact.
type tradeColumns struct {
	ids, statuses, kinds, providers, references, quoteIDs, clients, accounts []string
	products, bases, quotes, dealt, rates, dollars                           []string
	versions                                                                 []int
	tradeDates, transacted, spotDates, registered                            []time.Time
	ratesAsOf                                                                []*time.Time
	spotRates, flags                                                         []string
	reported                                                                 []*time.Time
}

func (c *tradeColumns) add(t trade.Trade) {
	c.ids = append(c.ids, t.ID)
	c.versions = append(c.versions, t.Version)
	c.statuses = append(c.statuses, string(t.Life.Status))
	c.kinds = append(c.kinds, t.Kind)
	c.providers = append(c.providers, clean(t.Provider))
	c.references = append(c.references, clean(t.Reference))
	c.quoteIDs = append(c.quoteIDs, clean(t.QuoteID))
	c.clients = append(c.clients, clean(t.Client))
	c.accounts = append(c.accounts, clean(t.Account))
	c.products = append(c.products, string(t.Product))
	c.bases = append(c.bases, t.Legs[0].Base)
	c.quotes = append(c.quotes, t.Legs[0].Quote)
	c.dealt = append(c.dealt, t.DealtCurrency)
	c.tradeDates = append(c.tradeDates, t.TradeDate.Time())
	c.transacted = append(c.transacted, t.TransactedAt)
	c.spotDates = append(c.spotDates, t.SpotDate.Time())
	c.rates = append(c.rates, positive(t.ReferenceRate))
	c.ratesAsOf = append(c.ratesAsOf, known(t.ReferenceAsOf))
	c.spotRates = append(c.spotRates, positive(t.SpotRate))
	c.flags = append(c.flags, clean(flags(t.Flags)))
	c.reported = append(c.reported, day(t.Reported))
	c.dollars = append(c.dollars, t.USDAmount.String())
	c.registered = append(c.registered, t.RegisteredAt)
}

type legColumns struct {
	ids, bases, sides, baseAmounts, quotes, quoteAmounts, rates, points []string
	versions                                                            []int
	legs                                                                []int16
	valueDates                                                          []time.Time
}

func (c *legColumns) add(ref trade.Ref, number int, leg trade.Leg) {
	c.ids = append(c.ids, ref.ID)
	c.versions = append(c.versions, ref.Version)
	c.legs = append(c.legs, int16(number)) //nolint:gosec // 1 or 2
	c.valueDates = append(c.valueDates, leg.ValueDate.Time())
	c.bases = append(c.bases, leg.Base)
	c.sides = append(c.sides, string(leg.BaseSide))
	c.baseAmounts = append(c.baseAmounts, leg.BaseAmount.String())
	c.quotes = append(c.quotes, leg.Quote)
	c.quoteAmounts = append(c.quoteAmounts, leg.QuoteAmount.String())
	c.rates = append(c.rates, leg.Rate.String())
	points := ""
	if leg.ForwardPoints.Valid {
		points = leg.ForwardPoints.Decimal.String()
	}
	c.points = append(c.points, points)
}
