package contract

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"fxcore/lambda/event"
)

// TradeID is the id of the trade that a provider asked for or reported under a reference on a trade date (YYYY-MM-DD). It
// is the same through every gateway, so a repeat is recognised everywhere.
func TradeID(provider, reference, tradeDate string) string {
	return event.NewID("trade", provider, reference, tradeDate)
}

// CheckID is the id of a line check; see [TradeID].
func CheckID(provider, reference, tradeDate string) string {
	return event.NewID("linecheck", provider, reference, tradeDate)
}

// IsID tells whether a text is an id as messages and tables write it: a UUID in lower case. A database refuses another
// text, and with it the whole batch.
func IsID(text string) bool {
	var id pgtype.UUID
	return id.Scan(text) == nil && id.String() == text
}

// CheckIsID returns an error that names the field if its text is no id; see [IsID].
func CheckIsID(field, text string) error {
	if !IsID(text) {
		return fmt.Errorf("%s %q is not a UUID in lower case", field, text)
	}
	return nil
}
