package story

import (
	"crypto/sha256"
	"encoding/hex"

	"fxcore/lambda/event"
)

// TradeID is the id of the trade that a provider asked for or reported under a reference: the same whatever the door,
// so that a repeat is recognised everywhere.
func TradeID(provider, reference, tradeDate string) string {
	return event.NewID("trade", provider, reference, tradeDate)
}

// CheckID is the id of a line check; see TradeID.
func CheckID(provider, reference, tradeDate string) string {
	return event.NewID("linecheck", provider, reference, tradeDate)
}

// Sum is the SHA-256 of what the request asks for: kind, client, account, product, pair, dealt currency, legs and
// quote. Times, sequence numbers, deadlines, free text and how the message put it do not count, so that an order sent
// again is the same order, while another amount under the same reference is another.
func (t Trade[E]) Sum() string {
	parts := append(make([]string, 0, 16), t.Kind, t.Client, t.Account, t.Product, t.Pair, t.Currency, t.QuoteID)
	for _, l := range t.Legs {
		parts = append(parts, l.Side, l.Amount, l.Rate, l.Tenor, l.ValueDate)
	}
	return digestOf(parts)
}

// Sum is the SHA-256 of what the check asks for; see Trade.
func (c Check[E]) Sum() string {
	return digestOf([]string{
		c.Action, c.Target, c.Client, c.Product, c.Pair, c.Currency, c.Side, c.Amount, c.Tenor, c.ValueDate,
	})
}

// digestOf frames each part by its length, so that no two lists of parts look alike.
func digestOf(parts []string) string {
	var buf [512]byte
	framed := buf[:0]
	for _, p := range parts {
		framed = append(framed, byte(len(p)>>8), byte(len(p)))
		framed = append(framed, p...)
	}
	sum := sha256.Sum256(framed)
	return hex.EncodeToString(sum[:])
}
