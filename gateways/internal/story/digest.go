package story

import "fxcore/services/contract"

// Sum is the SHA-256 of what the request asks for: kind, client, account, product, pair, dealt currency, legs,
// quote and the line check that it uses. Times, sequence numbers, deadlines, free text and how the message put it do not count, so that an order sent
// again is the same order, while another amount under the same reference is another.
func (t Trade[E]) Sum() string {
	parts := append(make([]string, 0, 16), t.Kind, t.Client, t.Account, t.Product, t.Pair, t.Currency, t.QuoteID)
	for _, l := range t.Legs {
		parts = append(parts, l.Side, l.Amount, l.Rate, l.Tenor, l.ValueDate)
	}
	if t.LineCheck != nil {
		parts = append(parts, "line check", t.LineCheck.CheckID, t.LineCheck.Rest)
	}
	return contract.Digest(parts...)
}

// Sum is the SHA-256 of what the check asks for; see Trade.
func (c Check[E]) Sum() string {
	parts := []string{c.Action, c.Target, c.Client, c.Product, c.Pair, c.Currency, c.Side, c.Amount, c.Tenor, c.ValueDate}
	if c.ForTrade != "" {
		parts = append(parts, "for trade", c.ForTrade)
	}
	return contract.Digest(parts...)
}
