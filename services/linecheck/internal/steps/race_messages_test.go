package steps

import (
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

func (r *race) batch() []event.Event {
	events := make([]event.Event, 1+r.rnd.IntN(5))
	for i := range events {
		if len(r.delivered) > 0 && r.rnd.IntN(5) == 0 { // deliver an earlier message again, more likely a recent one
			last := len(r.delivered) - 1
			events[i] = r.delivered[last-r.rnd.IntN(min(last+1, 20))]
			continue
		}
		events[i] = r.message()
		r.delivered = append(r.delivered, events[i])
	}
	return events
}

// message returns a random message of this epoch.
func (r *race) message() event.Event {
	r.serial++
	reference, i := strconv.Itoa(r.serial), r.rnd.IntN(4)
	amount := strconv.Itoa(10 * (1 + r.rnd.IntN(60))) // an exposure of 1 to 60
	kind := r.rnd.IntN(10)
	switch {
	case kind < 4:
		return r.reserve(reference, i, amount)
	case kind < 6 && len(r.open) > 0:
		return r.resolve(reference)
	case kind < 8 && len(r.reserved) > 0:
		return r.end(reference)
	}
	trade := spot{reference, r.client(i), amount}
	data := r.vary(trade, i)
	if kind == 9 && len(r.open) > 0 { // uses a line check, in whole or in part, as a request or as a report
		check := r.checkToUse()
		trade.client = r.client(check.client)
		data = r.vary(trade, check.client)
		data["request"].(map[string]any)["kind"] = []string{"request", messages.Reported}[r.rnd.IntN(2)]
		data["request"].(map[string]any)["line_check"] = map[string]any{"check_id": reserving(check.reference, "").id(), "rest": []string{"", messages.Free}[r.rnd.IntN(2)]}
		i = check.client
	}
	if named, ok := r.toCome(); ok && kind < 9 { // does not name the line check that was consumed for it
		r.sent[named.reference] = true
		i = named.check.client
		trade = spot{named.reference, r.client(i), strconv.Itoa(1 + r.rnd.IntN(100))}
		data = trade.data()
	}
	data["authorized"] = r.terms(i)
	return message(r.t, contract.TradeValidated, trade.id(), "1", time.Now().Add(time.Minute), data)
}

// vary returns the data of a trade: the client with a netting agreement also sells and swaps.
func (r *race) vary(trade spot, client int) map[string]any {
	data := trade.data()
	if client != nettedOne {
		return data
	}
	if r.rnd.IntN(3) == 0 {
		data = trade.asSwap()
	}
	if r.rnd.IntN(2) == 0 {
		for _, leg := range data["validated"].(map[string]any)["legs"].([]any) {
			fields := leg.(map[string]any)
			fields["base_side"] = map[any]string{"buy": "sell", "sell": "buy"}[fields["base_side"]]
		}
	}
	return data
}

// toCome returns a trade that a consumption has named and that was not sent yet.
func (r *race) toCome() (namedTrade, bool) {
	for _, named := range r.named {
		if !r.sent[named.reference] {
			return named, true
		}
	}
	return namedTrade{}, false
}

// checkToUse returns one of this epoch's checks, half of the time one that the provider has consumed, if there is one.
func (r *race) checkToUse() madeCheck {
	if r.rnd.IntN(2) == 0 {
		for _, check := range r.open {
			if r.consumed[reserving(check.reference, "").id()].IsPositive() {
				return check
			}
		}
	}
	return r.open[r.rnd.IntN(len(r.open))]
}

// resolve returns a message that consumes, cancels or reverses one of this epoch's checks, in whole or in part.
func (r *race) resolve(reference string) event.Event {
	check := r.open[r.rnd.IntN(len(r.open))]
	c := resolving([]messages.Action{messages.Consume, messages.Consume, messages.Cancel, messages.Reverse}[r.rnd.IntN(4)], reference, check.reference)
	if r.rnd.IntN(2) == 0 {
		c.amount = strconv.Itoa(1 + r.rnd.IntN(300))
	}
	forTrade := r.dealt(c, check)
	c.change = func(request map[string]any) {
		request["client"] = r.client(check.client)
		request["for_trade_id"] = forTrade
	}
	return c.message(r.t, time.Now().Add(time.Minute))
}

// dealt returns the id of the trade that a consumption names, half of the time: one that was named before, or a new one.
func (r *race) dealt(c checkOf, check madeCheck) string {
	if c.action != messages.Consume || r.rnd.IntN(2) > 0 {
		return ""
	}
	named := namedTrade{strconv.Itoa(r.serial), check}
	if len(r.named) > 0 && r.rnd.IntN(2) == 0 {
		named.reference = r.named[r.rnd.IntN(len(r.named))].reference
	}
	r.named = append(r.named, named)
	return spot{named.reference, "", ""}.id()
}

// reserve returns a line check that reserves, half of the time for only a few milliseconds.
func (r *race) reserve(reference string, i int, amount string) event.Event {
	r.open = append(r.open, madeCheck{reference, i})
	c := reserving(reference, amount)
	c.change = func(request map[string]any) {
		request["client"] = r.client(i)
		if i == nettedOne && r.rnd.IntN(2) == 0 {
			request["side"] = "sell"
		}
		if r.rnd.IntN(2) == 0 {
			request["expires_at"] = time.Now().Add(time.Duration(r.rnd.IntN(300)) * time.Millisecond)
		}
	}
	e := c.message(r.t, time.Now().Add(time.Minute))
	data, err := contract.WithSection(e.Data, "authorized", r.terms(i))
	if err != nil {
		r.t.Fatal(err)
	}
	e.Data = data
	return e
}

// end registers or rejects a reserved trade. It never does both, because a registration after the release could exceed
// the line.
func (r *race) end(way string) event.Event {
	for id, trade := range r.reserved {
		delete(r.reserved, id)
		typ := contract.TradeRegistered
		if r.rnd.IntN(2) == 0 && !r.standing[id] {
			typ = contract.TradeRejected
		}
		return trade.message(r.t, typ, way)
	}
	panic("no trade to end")
}

func (r *race) job() event.Event {
	r.serial++
	due := time.Now().Truncate(time.Second)
	return message(r.t, contract.JobDue, strconv.Itoa(r.serial), "", time.Time{}, messages.Job{Job: messages.ExpireReservations, Due: due})
}
