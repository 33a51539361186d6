package dialect

import (
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

func (d *Dialect) tradeRequest(r *message.TradeRequest, entry Entry, now time.Time) (event.Event, error) {
	return d.trade(r, Trade{Kind: story.KindRequest}, r.Terms, entry, now, d.until(r.TransactedAt, r.Deadline))
}

// tradeReport makes the event of a trade that was done elsewhere, maybe long ago. So its validity begins now.
func (d *Dialect) tradeReport(r *message.TradeReport, entry Entry, now time.Time) (event.Event, error) {
	t := Trade{Kind: story.KindReport, Facts: story.Facts{ReportedTradeDate: r.TradeDate, SpotRate: r.SpotRate, SwapPoints: r.SwapPoints}}
	return d.trade(r, t, r.Terms, entry, now, d.until(now, time.Time{}))
}

// trade completes a trade, of which the kind is known, with what the message says.
func (d *Dialect) trade(m message.Request, t Trade, terms message.Terms, entry Entry, now, deadline time.Time) (event.Event, error) {
	if err := d.when(m, terms.TransactedAt, now); err != nil {
		return event.Event{}, err
	}
	t.Provider, t.Reference = d.provider, m.Head().Reference
	t.TradeDate, t.TransactedAt = d.TradeDate(terms.TransactedAt), terms.TransactedAt.UTC()
	t.Client, t.Account, t.Product = terms.Client, terms.Account, terms.Product.String()
	t.Pair, t.Currency, t.QuoteID, t.Legs, t.Echo = terms.Pair, terms.Currency, terms.QuoteID, legs(terms), echo(m)
	t.LineCheck = d.usedCheck(terms, t.TradeDate)
	t.TradeID = contract.TradeID(t.Provider, t.Reference, t.TradeDate)
	t.Digest = t.Sum()
	return d.event(contract.TradeRequested, entry(t.TradeID, t.Digest), t.TradeID, now, deadline, TradeRequested{Request: t})
}

// usedCheck returns the line check that the terms name; nil if they name none.
func (d *Dialect) usedCheck(terms message.Terms, tradeDate string) *story.UsedCheck {
	id := terms.CheckID
	if terms.CheckReference != "" {
		id = contract.CheckID(d.provider, terms.CheckReference, tradeDate)
	}
	if id == "" {
		return nil
	}
	return &story.UsedCheck{CheckID: id, Reference: terms.CheckReference, Rest: terms.Rest.String()}
}

func echo(m message.Request) Echo {
	return Echo{Form: string(rune(m.Type())), Sequence: m.Head().Sequence}
}

func legs(terms message.Terms) []story.Leg {
	all := make([]story.Leg, len(terms.Legs))
	for i, l := range terms.Legs {
		all[i] = story.Leg{Side: l.Side.String(), Amount: l.Amount, Rate: l.Rate, OtherAmount: l.Other, ForwardPoints: l.Points}
		all[i].Tenor, all[i].ValueDate = settlement(l.Tenor, l.ValueDate)
	}
	return all
}

// settlement returns either a tenor or a date. If both are given, the date counts; if neither is, it is SPOT. FIX does the same,
// so the same terms have the same digest in both protocols.
func settlement(tenor, date string) (string, string) {
	switch {
	case date != "":
		return "", date
	case tenor == "":
		return "SPOT", ""
	}
	return tenor, ""
}

func (d *Dialect) lineCheck(r *message.LineCheck, entry Entry, now time.Time) (event.Event, error) {
	if err := d.when(r, r.TransactedAt, now); err != nil {
		return event.Event{}, err
	}
	c := Check{
		Provider: d.provider, Reference: r.Reference, Action: r.Action.String(),
		TradeDate: d.TradeDate(r.TransactedAt), TransactedAt: r.TransactedAt.UTC(),
		Client: r.Client, Pair: r.Pair, Currency: r.Currency, Side: r.Side.String(), Amount: r.Amount, Echo: echo(r),
	}
	c.Tenor, c.ValueDate = r.Tenor, r.ValueDate
	if r.Action == message.Reserve {
		c.Tenor, c.ValueDate = settlement(r.Tenor, r.ValueDate)
		c.Product = product(r.Tenor, r.ValueDate)
		c.DateDecides = c.Product == story.ProductSpot && r.ValueDate != ""
		c.ExpiresAt = wanted(r.ExpiresAt)
	} else {
		c.Target = d.target(r, c.TradeDate)
		c.ForTrade = d.tradeDone(r, c.TradeDate)
		c.TargetReference, c.ForTradeReference = r.ReservationReference, r.ForTradeReference
	}
	c.CheckID = contract.CheckID(c.Provider, c.Reference, c.TradeDate)
	c.Digest = c.Sum()
	deadline := d.until(r.TransactedAt, time.Time{})
	return d.event(contract.LineCheckRequested, entry(c.CheckID, c.Digest), c.CheckID, now, deadline, CheckRequested{Request: c})
}

// product returns the product that a reservation is for. As over FIX, it is spot if the reservation says SPOT, or if it says
// neither tenor nor date. A date beside SPOT stands above it: the core decides by the date.
func product(tenor, date string) string {
	if tenor == "SPOT" || tenor == "" && date == "" {
		return story.ProductSpot
	}
	return story.ProductForward
}

func wanted(until time.Time) *time.Time {
	if until.IsZero() {
		return nil
	}
	until = until.UTC()
	return &until
}

// target returns the id of the reservation to consume, cancel or reverse. The request names it by our id, or by the reference of the
// request that reserved.
func (d *Dialect) target(r *message.LineCheck, tradeDate string) string {
	if r.ReservationID != "" {
		return r.ReservationID
	}
	return contract.CheckID(d.provider, r.ReservationReference, tradeDate)
}

// tradeDone returns the id of the trade for which a consumption says that it is; "" if it names none.
func (d *Dialect) tradeDone(r *message.LineCheck, tradeDate string) string {
	if r.ForTradeReference != "" {
		return contract.TradeID(d.provider, r.ForTradeReference, tradeDate)
	}
	return r.ForTradeID
}
