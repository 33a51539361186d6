package store

import (
	_ "embed" // the queries
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/set_earmarks.sql
	setEarmarksSQL string
	//go:embed queries/drop_earmarks.sql
	dropEarmarksSQL string
)

// earmarksOf returns the earmarks in rows of the table as JSON; none if text is empty.
func earmarksOf(text []byte) ([]line.Earmark, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var rows []struct {
		Trade  string          `json:"trade_id"`
		Stated decimal.Decimal `json:"stated"`
		Rest   decimal.Decimal `json:"rest"`
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, err
	}
	list := make([]line.Earmark, len(rows))
	for i, r := range rows {
		list[i] = line.Earmark(r)
	}
	return list, nil
}

// earmarks holds rows of the table by column.
type earmarks struct{ trades, checks, stated, rests []string }

func (c *earmarks) add(e line.EarmarkChange) {
	c.trades, c.checks = append(c.trades, e.Trade), append(c.checks, e.Check)
	c.stated, c.rests = append(c.stated, e.Stated.String()), append(c.rests, e.Rest.String())
}

func queueEarmarks(b *pgx.Batch, changed []line.EarmarkChange) {
	var kept, gone earmarks
	for _, e := range changed {
		if e.Amount().IsPositive() {
			kept.add(e)
		} else {
			gone.add(e)
		}
	}
	if len(kept.trades) > 0 {
		b.Queue(setEarmarksSQL, kept.trades, kept.checks, kept.stated, kept.rests)
	}
	if len(gone.trades) > 0 {
		b.Queue(dropEarmarksSQL, gone.trades, gone.checks)
	}
}
