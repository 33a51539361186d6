package oracle

import "github.com/shopspring/decimal"

const minorUnits = 2 // of the limit currency, USD

// exposureOfTheTrade: the reservation was computed from the trade that was registered, and rightly so. A trade that took a line
// check's reservation over has its share of that; a report, or a deal on a quote, has its own exposure if that is more. A report also
// has its own if the check was for another deal.
func exposureOfTheTrade(c *Case) []Violation {
	var found []Violation
	for _, t := range c.Trades {
		r, ok := c.reservations[t.ID]
		if !ok || len(t.Legs) == 0 {
			continue // another rule says so
		}
		if want := c.exposure(&t, r); !want.Equal(r.Exposure) || r.Basis.BaseCurrency != t.Base {
			found = append(found, broken(t.ID, "reserved %s, the trade's own %s amounts come to %s", r.Exposure, t.Base, want))
		}
		if r.NearDate != t.Legs[0].ValueDate || (len(t.Legs) > 1 && r.FarDate != t.Legs[1].ValueDate) {
			found = append(found, broken(t.ID, "reserved for settlement on %s %s, registered for %s", r.NearDate, r.FarDate, t.Legs[0].ValueDate))
		}
		if c.receivesAnother(r) {
			source := c.reservations[r.FromCheck]
			found = append(found, broken(t.ID, "receives %s, which is not its share of the line check's %s", r.NearReceivable, source.NearReceivable))
		}
	}
	return found
}

// exposure returns what a trade's reservation must come to.
func (c *Case) exposure(t *Trade, r *Reservation) decimal.Decimal {
	source, used := c.reservations[r.FromCheck]
	if !used || r.displaces(source) {
		return t.exposure(r.Basis)
	}
	share := source.share(source.Exposure, r.FromAmount)
	if c.unbounded(r.ID) {
		return decimal.Max(share, t.exposure(r.Basis))
	}
	return share
}

// receivesAnother tells whether a trade's reservation does not receive its share of the line check's. One whose price no band bounds
// may receive more.
func (c *Case) receivesAnother(r *Reservation) bool {
	source, used := c.reservations[r.FromCheck]
	if !used || r.displaces(source) {
		return false
	}
	beyond := r.NearReceivable.Cmp(source.share(source.NearReceivable, r.FromAmount))
	return beyond < 0 || beyond > 0 && !c.unbounded(r.ID)
}

// unbounded tells whether no band bounds the price of a trade: it was done elsewhere, or on a quote. It counts by its own amounts then.
func (c *Case) unbounded(trade string) bool {
	st := c.byTradeID[trade]
	if st == nil {
		return false
	}
	s, _ := st.first()
	return useOf(s) == report || s.Quote != ""
}

// exposure is the current exposure method on the trade's amounts: what it has gained, and the add-on on its notional; rounded up to
// the cent. Of a swap the notional of one leg counts, the far one unless the basis names the amount of the near one.
func (t *Trade) exposure(b Basis) decimal.Decimal {
	notional := t.Legs[len(t.Legs)-1].BaseAmount
	if near := t.Legs[0].BaseAmount; near.Equal(b.BaseAmount) {
		notional = near
	}
	addOn := notional.Mul(b.Conversion).Mul(b.AddOn)
	return decimal.Max(decimal.Zero, b.MarkToMarket).Add(addOn).RoundUp(minorUnits)
}

// usageOfReservations: each node carries what its reservations add up to.
func usageOfReservations(c *Case) []Violation {
	want := carried(c.Reservations)
	var found []Violation
	for _, u := range c.Usage {
		if s := want[u.Node]; !s.reserved.Equal(u.Reserved) || !s.consumed.Equal(u.Consumed) {
			found = append(found, broken(u.Node, "carries %s reserved and %s consumed, its reservations add up to %s and %s",
				u.Reserved, u.Consumed, s.reserved, s.consumed))
		}
		delete(want, u.Node)
	}
	for node, s := range want {
		if !s.reserved.IsZero() || !s.consumed.IsZero() {
			found = append(found, broken(node, "carries nothing, its reservations add up to %s and %s", s.reserved, s.consumed))
		}
	}
	return found
}

// usageOfTrades: what each client has consumed is what its registered trades come to by their own amounts or by their shares of
// line checks, and what is consumed of its line checks.
func usageOfTrades(c *Case) []Violation {
	carries := map[string]decimal.Decimal{}
	for _, u := range c.Usage {
		carries[u.Node] = u.Consumed
	}
	var found []Violation
	for node, sum := range carried(c.consumed()) {
		if !sum.consumed.Equal(carries[node]) {
			found = append(found, late(node, "has consumed %s, its trades and checks come to %s", carries[node], sum.consumed))
		}
	}
	return found
}

// consumed returns what must be consumed on the clients' lines, one reservation for each trade and check.
func (c *Case) consumed() []Reservation {
	var all []Reservation
	for _, t := range c.Trades {
		if r, ok := c.reservations[t.ID]; ok && !t.deleted() {
			all = append(all, Reservation{
				Client: "client/" + t.Client, Exposure: c.exposure(&t, r), Amount: r.Amount, Taken: r.due(),
				Pair: r.Pair, Currency: r.Currency, Side: r.Side, ValueDate: r.ValueDate, Netted: r.Netted, Exchange: r.Exchange,
				Swap: r.Swap, NearDate: r.NearDate, NearSettled: r.NearSettled, FarSettled: r.FarSettled,
			})
		}
	}
	for _, r := range c.Reservations {
		if r.Kind == "check" {
			r.Group, r.Desk, r.Dealer, r.Open = "", "", "", decimal.Zero
			all = append(all, r)
		}
	}
	return all
}

// settlementsOfReservations: each node's counterparties have to deliver on each day what its reservations add up to.
func settlementsOfReservations(c *Case) []Violation {
	type bucket struct{ node, date string }
	want := map[bucket]decimal.Decimal{}
	add := func(node, date string, amount decimal.Decimal) {
		if date != "" {
			want[bucket{node, date}] = want[bucket{node, date}].Add(amount)
		}
	}
	for _, r := range c.Reservations {
		held := r.Open.Add(r.Taken)
		for _, node := range r.nodes() {
			if !r.NearSettled {
				add(node, r.NearDate, r.share(r.NearReceivable, held))
			}
			if !r.FarSettled {
				add(node, r.FarDate, r.share(r.FarReceivable, held))
			}
		}
	}
	var found []Violation
	for _, s := range c.Settlements {
		key := bucket{s.Node, s.ValueDate}
		if !want[key].Equal(s.Used) {
			found = append(found, broken(s.Node+" "+s.ValueDate, "has %s to settle, its reservations add up to %s", s.Used, want[key]))
		}
		delete(want, key)
	}
	for key, sum := range want {
		if !sum.IsZero() {
			found = append(found, broken(key.node+" "+key.date, "has nothing to settle, its reservations add up to %s", sum))
		}
	}
	return found
}
