package contract

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"fxcore/lambda/event"
)

// TradeID returns the id of a trade, derived from the provider, the provider's reference and the trade date
// (YYYY-MM-DD). Every gateway derives the same id, so the core recognises a repeated request whichever gateway received
// it. It begins with the trade date, as do the ids of all that follows from the request.
func TradeID(provider, reference, tradeDate string) string {
	return event.NewID(dayOf(tradeDate), "trade", provider, reference, tradeDate)
}

// CheckID returns the id of a line check, derived as in [TradeID]. A line check and a trade never share an id.
func CheckID(provider, reference, tradeDate string) string {
	return event.NewID(dayOf(tradeDate), "linecheck", provider, reference, tradeDate)
}

// OfTradeDate returns an id with the trade date in its first 16 bits. That is the id itself, unless it comes from a version in
// which those bits were random: then it is the id that the same request has today.
func OfTradeDate(id, tradeDate string) string {
	const digits = 4
	if !IsID(id) {
		return id
	}
	return dayOf(tradeDate).FirstID()[:digits] + id[digits:]
}

// dayOf returns the day with which the ids of a trade date begin. It is 0 if the text is no date.
func dayOf(tradeDate string) event.Day {
	date, err := time.Parse(time.DateOnly, tradeDate)
	if err != nil {
		return 0
	}
	return event.DayOf(date)
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

// TradeDateOf returns the trade date with which an id begins.
func TradeDateOf(id string) string { return event.DayOfID(id).Begin().Format(time.DateOnly) }

// CheckTexts refuses the one character that Postgres cannot store.
func CheckTexts(texts ...string) error {
	for _, text := range texts {
		if strings.ContainsRune(text, 0) {
			return errors.New("a text has a NUL character")
		}
	}
	return nil
}
