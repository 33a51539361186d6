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

//go:embed queries/set_netting.sql
var setNettingSQL string

// nettingRow is a row of netting_set, as the table and netting_of give it.
type nettingRow struct {
	Node           string          `json:"node"`
	Client         string          `json:"client"`
	Pair           string          `json:"pair"`
	ValueDate      string          `json:"value_date"`
	BoughtReserved decimal.Decimal `json:"bought_reserved"`
	BoughtConsumed decimal.Decimal `json:"bought_consumed"`
	SoldReserved   decimal.Decimal `json:"sold_reserved"`
	SoldConsumed   decimal.Decimal `json:"sold_consumed"`
}

func (r nettingRow) load(book *line.Book, date fxdate.Date) error {
	n, err := line.ParseNode(r.Node)
	if err != nil {
		return err
	}
	book.LoadSet(line.Set{Node: n, Client: r.Client, Pair: r.Pair, ValueDate: date}, line.Netting{
		Bought: line.Usage{Reserved: r.BoughtReserved, Consumed: r.BoughtConsumed},
		Sold:   line.Usage{Reserved: r.SoldReserved, Consumed: r.SoldConsumed},
	})
	return nil
}

// loadSets puts the netting sets of a reservation into the book. text is empty for a reservation that belongs to none.
func loadSets(book *line.Book, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	var rows []nettingRow
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	for _, r := range rows {
		date, err := fxdate.ParseDate(r.ValueDate)
		if err != nil {
			return err
		}
		if err := r.load(book, date); err != nil {
			return err
		}
	}
	return nil
}

// netting holds rows of netting_set by column.
type netting struct {
	nodes, clients, pairs                                      []string
	dates                                                      []time.Time
	boughtReserved, boughtConsumed, soldReserved, soldConsumed []string
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
		c.boughtReserved = append(c.boughtReserved, bought.Reserved.String())
		c.boughtConsumed = append(c.boughtConsumed, bought.Consumed.String())
		c.soldReserved = append(c.soldReserved, sold.Reserved.String())
		c.soldConsumed = append(c.soldConsumed, sold.Consumed.String())
	}
	b.Queue(setNettingSQL, c.nodes, c.clients, c.pairs, c.dates, c.boughtReserved, c.boughtConsumed, c.soldReserved, c.soldConsumed)
}
