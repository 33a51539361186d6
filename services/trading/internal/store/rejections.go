package store

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// Rejection is the record of one rejected request.
type Rejection struct {
	EventID, TradeID          string // UUIDs
	Provider, Reference, Kind string
	Client, Product, Pair     string
	Code, Text, By            string
	At                        time.Time
}

// QueueReject queues the insert of the records.
func QueueReject(b *pgx.Batch, rejections []Rejection) {
	n := len(rejections)
	if n == 0 {
		return
	}
	columns := make([][]string, 11)
	for i := range columns {
		columns[i] = make([]string, n)
	}
	at := make([]time.Time, n)
	for i, r := range rejections {
		texts := [...]string{r.EventID, r.TradeID, r.Provider, r.Reference, r.Kind, r.Client, r.Product, r.Pair, r.Code, r.Text, r.By}
		for column, text := range texts {
			columns[column][i] = clean(text)
		}
		at[i] = r.At
	}
	arguments := make([]any, 0, len(columns)+1)
	for _, column := range columns {
		arguments = append(arguments, column)
	}
	b.Queue(rejectSQL, append(arguments, at)...)
}
