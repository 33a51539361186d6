package dialect

import (
	"crypto/sha256"
	"encoding/hex"
)

// digest is the SHA-256 of what the request asks for: kind, client, account, product, pair, dealt currency, legs and
// quote. Times, sequence numbers, deadlines, free text and how the message put it do not count, so that an order sent
// again is the same order, while another amount under the same reference is another.
func (t Trade) digest() string {
	parts := append(make([]string, 0, 16), t.Kind, t.Client, t.Account, t.Product, t.Pair, t.Currency, t.QuoteID)
	for _, l := range t.Legs {
		parts = append(parts, l.Side, l.Amount, l.Rate, l.Tenor, l.ValueDate)
	}
	return digestOf(parts)
}

// digest is the SHA-256 of what the check asks for; see Trade.
func (c Check) digest() string {
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
