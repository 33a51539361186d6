package store

import (
	_ "embed" // the queries

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/load_effects.sql
	loadEffectsSQL string
	//go:embed queries/set_effects.sql
	setEffectsSQL string
)

// effectRow is a row of netting_effect.
type effectRow struct {
	Node          string          `json:"node"`
	Client        string          `json:"client"`
	Pair          string          `json:"pair"`
	SetsReserved  decimal.Decimal `json:"sets_reserved"`
	SetsConsumed  decimal.Decimal `json:"sets_consumed"`
	LostReserved  decimal.Decimal `json:"lost_reserved"`
	LostConsumed  decimal.Decimal `json:"lost_consumed"`
	GrossReserved decimal.Decimal `json:"gross_reserved"`
	GrossConsumed decimal.Decimal `json:"gross_consumed"`
}

func (r effectRow) load(book *line.Book) error {
	n, err := line.ParseNode(r.Node)
	if err != nil {
		return err
	}
	book.LoadEffect(line.Agreement{Node: n, Client: r.Client, Pair: r.Pair}, line.Effect{
		Sets:  line.Usage{Reserved: r.SetsReserved, Consumed: r.SetsConsumed},
		Lost:  line.Usage{Reserved: r.LostReserved, Consumed: r.LostConsumed},
		Gross: line.Usage{Reserved: r.GrossReserved, Consumed: r.GrossConsumed},
	})
	return nil
}

// agreements holds keys of netting_effect by column.
type agreements struct{ nodes, clients, pairs []string }

func (c *agreements) key(a line.Agreement) {
	c.nodes, c.clients, c.pairs = append(c.nodes, a.Node.String()), append(c.clients, a.Client), append(c.pairs, a.Pair)
}

// queueEffects queues the load of the effects of netting sets.
func queueEffects(b *pgx.Batch, sets []line.Set, book *line.Book) {
	var c agreements
	wanted := map[line.Agreement]bool{}
	for _, s := range sets {
		if a := s.Agreement(); !wanted[a] {
			wanted[a] = true
			c.key(a)
			book.LoadEffect(a, line.Effect{}) // the effect if the table has no row
		}
	}
	b.Queue(loadEffectsSQL, c.nodes, c.clients, c.pairs).Query(scanRows[effectRow](book))
}

// usages holds the usage of agreements by column.
type usages struct{ reserved, consumed []string }

func (c *usages) add(u line.Usage) {
	c.reserved, c.consumed = append(c.reserved, u.Reserved.String()), append(c.consumed, u.Consumed.String())
}

func queueSetEffects(b *pgx.Batch, changed []line.EffectChange) {
	if len(changed) == 0 {
		return
	}
	var c agreements
	var sets, lost, gross usages
	for _, x := range changed {
		c.key(x.Agreement)
		sets.add(x.Effect.Sets)
		lost.add(x.Effect.Lost)
		gross.add(x.Effect.Gross)
	}
	b.Queue(setEffectsSQL, c.nodes, c.clients, c.pairs, sets.reserved, sets.consumed, lost.reserved, lost.consumed, gross.reserved, gross.consumed)
}
