package store

import (
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
)

// Dealt maps a quote's id to the amount that has been dealt on it. It is filled when the batch has been sent.
type Dealt map[string]decimal.Decimal

// QuoteUse is one deal on a quote.
type QuoteUse struct {
	ID      string // a UUID: of the event by which the deal was validated
	QuoteID string
	TradeID string
	Amount  decimal.Decimal
}

// QueueDealt queues the query for what has been dealt on the quotes. Until the transaction ends, no other batch deals on them.
func QueueDealt(b *pgx.Batch, quotes []string) Dealt {
	dealt := make(Dealt, len(quotes))
	if len(quotes) > 0 {
		cleaned := make([]string, len(quotes))
		for i, id := range quotes {
			cleaned[i] = clean(id)
		}
		b.Queue(lockQuotesSQL, cleaned)
		b.Queue(quoteUsesSQL, cleaned).Query(dealt.scan)
	}
	return dealt
}

func (d Dealt) scan(rows pgx.Rows) error {
	var id, amount string
	_, err := pgx.ForEachRow(rows, []any{&id, &amount}, func() (err error) {
		d[id], err = decimal.NewFromString(amount)
		return err
	})
	if err != nil {
		return fmt.Errorf("read what is dealt on quotes: %w", err)
	}
	return nil
}

// QueueUses queues the insert of deals on quotes.
func QueueUses(b *pgx.Batch, uses []QuoteUse) {
	n := len(uses)
	if n == 0 {
		return
	}
	ids, quotes, trades, amounts := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, u := range uses {
		ids[i], quotes[i], trades[i], amounts[i] = u.ID, clean(u.QuoteID), u.TradeID, u.Amount.String()
	}
	b.Queue(useQuotesSQL, ids, quotes, trades, amounts)
}

// QueueFree queues the removal of deals on quotes that came to nothing, by the ids of their uses.
func QueueFree(b *pgx.Batch, uses []string) {
	if len(uses) > 0 {
		b.Queue(freeQuotesSQL, uses)
	}
}
