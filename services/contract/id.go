package contract

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"fxcore/lambda/event"
)

// TradeID returns the id of a trade, derived from the provider, the provider's reference and the trade date
// (YYYY-MM-DD). Every gateway derives the same id, so the core recognises a repeated request whichever gateway received
// it.
func TradeID(provider, reference, tradeDate string) string {
	return event.NewID("trade", provider, reference, tradeDate)
}

// CheckID returns the id of a line check, derived as in [TradeID]. A line check and a trade never share an id.
func CheckID(provider, reference, tradeDate string) string {
	return event.NewID("linecheck", provider, reference, tradeDate)
}

// IsID reports whether text is a UUID in lower case: the form of ids in messages and tables. Use it on text from
// outside: if one text of a batch is not a UUID, Postgres refuses the whole batch.
func IsID(text string) bool {
	var id pgtype.UUID
	return id.Scan(text) == nil && id.String() == text
}

// CheckIsID returns an error that names the field if text is not an id; see [IsID].
func CheckIsID(field, text string) error {
	if !IsID(text) {
		return fmt.Errorf("%s %q is not a UUID in lower case", field, text)
	}
	return nil
}
