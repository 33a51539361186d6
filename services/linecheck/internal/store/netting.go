package store

import (
	_ "embed" // the queries
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/set_netting.sql
	setNettingSQL string
	//go:embed queries/insert_netted.sql
	insertNettedSQL string
)

// dealSum is the type deal_sum of the database.
type dealSum struct {
	Exposure decimal.Decimal `json:"exposure"`
	exchange
}

// exchange is a row of netted_deal, or a part of a dealSum.
type exchange struct {
	Base  decimal.Decimal `json:"base"`
	Quote decimal.Decimal `json:"quote"`
	Value decimal.Decimal `json:"value"`
}

func (s dealSum) sum() line.Sum {
	return line.Sum{Exposure: s.Exposure, Exchange: line.Exchange(s.exchange)}
}

// literal returns a sum as the database reads it.
func literal(s line.Sum) string {
	return "(" + s.Exposure.String() + "," + s.Base.String() + "," + s.Quote.String() + "," + s.Value.String() + ")"
}

// nettingRow is a row of netting_set.
type nettingRow struct {
	Node       string  `json:"node"`
	Client     string  `json:"client"`
	Pair       string  `json:"pair"`
	ValueDate  string  `json:"value_date"`
	BoughtOpen dealSum `json:"bought_open"`
	BoughtDone dealSum `json:"bought_done"`
	SoldOpen   dealSum `json:"sold_open"`
	SoldDone   dealSum `json:"sold_done"`
}

func (r nettingRow) load(book *line.Book) error {
	n, err := line.ParseNode(r.Node)
	if err != nil {
		return err
	}
	date, err := fxdate.ParseDate(r.ValueDate)
	if err != nil {
		return err
	}
	book.LoadSet(line.Set{Node: n, Client: r.Client, Pair: r.Pair, ValueDate: date}, line.Netting{
		Bought: line.Deals{Open: r.BoughtOpen.sum(), Done: r.BoughtDone.sum()},
		Sold:   line.Deals{Open: r.SoldOpen.sum(), Done: r.SoldDone.sum()},
	})
	return nil
}

// nettedRow is a row of netted_deal.
type nettedRow struct {
	exchange
	FarExposure  decimal.Decimal `json:"far_exposure"`
	NearExposure decimal.Decimal `json:"near_exposure"`
	NearBase     decimal.Decimal `json:"near_base"`
	NearQuote    decimal.Decimal `json:"near_quote"`
	NearValue    decimal.Decimal `json:"near_value"`
}

func (r nettedRow) swap() line.Swap {
	near := line.Exchange{Base: r.NearBase, Quote: r.NearQuote, Value: r.NearValue}
	return line.Swap{Near: line.Sum{Exposure: r.NearExposure, Exchange: near}, Far: r.FarExposure}
}

// loadNetting puts the netting sets of a reservation and their effects into the book, and what the reservation exchanges into r. text
// is empty for a reservation that is not netted.
func loadNetting(book *line.Book, r *line.Reservation, text []byte) error {
	var of struct {
		Deal    nettedRow    `json:"deal"`
		Sets    []nettingRow `json:"sets"`
		Effects []effectRow  `json:"effects"`
	}
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, &of); err != nil {
		return err
	}
	for _, row := range of.Sets {
		if err := row.load(book); err != nil {
			return err
		}
	}
	for _, row := range of.Effects {
		if err := row.load(book); err != nil {
			return err
		}
	}
	r.Exchange, r.Swap = line.Exchange(of.Deal.exchange), of.Deal.swap()
	if !r.Swap.IsZero() && len(r.Settlements) > 0 {
		r.Swap.NearDate = fxdate.DateOf(r.Settlements[0].ValueDate)
	}
	return nil
}

// scanRows loads rows of JSON into the book.
func scanRows[R interface{ load(book *line.Book) error }](book *line.Book) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var text []byte
		_, err := pgx.ForEachRow(rows, []any{&text}, func() error {
			var r R
			if err := json.Unmarshal(text, &r); err != nil {
				return err
			}
			return r.load(book)
		})
		return wrap("load netting", err)
	}
}

// netting holds rows of netting_set by column.
type netting struct {
	nodes, clients, pairs                      []string
	dates                                      []time.Time
	boughtOpen, boughtDone, soldOpen, soldDone []string
}

func (c *netting) key(s line.Set) {
	c.nodes, c.clients = append(c.nodes, s.Node.String()), append(c.clients, s.Client)
	c.pairs, c.dates = append(c.pairs, s.Pair), append(c.dates, s.ValueDate.Time())
}

func queueNetting(b *pgx.Batch, changed []line.SetChange) {
	if len(changed) == 0 {
		return
	}
	var c netting
	for _, x := range changed {
		c.key(x.Set)
		bought, sold := x.Netting.Bought, x.Netting.Sold
		c.boughtOpen, c.boughtDone = append(c.boughtOpen, literal(bought.Open)), append(c.boughtDone, literal(bought.Done))
		c.soldOpen, c.soldDone = append(c.soldOpen, literal(sold.Open)), append(c.soldDone, literal(sold.Done))
	}
	b.Queue(setNettingSQL, c.nodes, c.clients, c.pairs, c.dates, c.boughtOpen, c.boughtDone, c.soldOpen, c.soldDone)
}

// netted holds rows of netted_deal by column.
type netted struct {
	ids, bases, quotes, values                                     []string
	farExposures, nearExposures, nearBases, nearQuotes, nearValues []string
}

func (c *netted) add(r line.Reservation) {
	x, near := r.Exchange, r.Swap.Near
	c.ids, c.bases = append(c.ids, r.ID), append(c.bases, x.Base.String())
	c.quotes, c.values = append(c.quotes, x.Quote.String()), append(c.values, x.Value.String())
	ofSwap := func(column []string, figure decimal.Decimal) []string {
		if r.Swap.IsZero() {
			return append(column, "")
		}
		return append(column, figure.String())
	}
	c.farExposures, c.nearExposures = ofSwap(c.farExposures, r.Swap.Far), ofSwap(c.nearExposures, near.Exposure)
	c.nearBases, c.nearQuotes, c.nearValues = ofSwap(c.nearBases, near.Base), ofSwap(c.nearQuotes, near.Quote), ofSwap(c.nearValues, near.Value)
}

// queueNetted queues the amounts of those new reservations that are netted.
func queueNetted(b *pgx.Batch, added []line.Reservation) {
	var c netted
	for _, r := range added {
		if r.Terms.Netted {
			c.add(r)
		}
	}
	if len(c.ids) > 0 {
		b.Queue(insertNettedSQL, c.ids, c.bases, c.quotes, c.values, c.farExposures, c.nearExposures, c.nearBases, c.nearQuotes, c.nearValues)
	}
}
