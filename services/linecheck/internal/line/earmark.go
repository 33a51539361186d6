package line

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// Earmark is what consumptions of a line check took for a trade that has not come yet. It is a part of what the check has
// consumed. When the trade comes, it uses this part first. No other trade uses it.
type Earmark struct {
	Trade  string          // trade id
	Stated decimal.Decimal // by consumptions that stated an amount
	Rest   decimal.Decimal // by one that stated none: it took all that was open, and the trade may need less
}

// Amount returns what is kept for the trade.
func (e Earmark) Amount() decimal.Decimal { return e.Stated.Add(e.Rest) }

// unneeded returns what becomes open again when the trade comes and needs no more than a part. Only an amount that no consumption
// stated can be more than the provider has dealt; what it stated stays consumed.
func (e Earmark) unneeded(part decimal.Decimal) decimal.Decimal {
	return decimal.Min(e.Rest, decimal.Max(decimal.Zero, e.Amount().Sub(part)))
}

// less returns the earmark without a part; it is empty if the part is more.
func (e Earmark) less(part decimal.Decimal) Earmark {
	rest := decimal.Min(part, e.Rest)
	e.Rest, e.Stated = e.Rest.Sub(rest), e.Stated.Sub(decimal.Min(part.Sub(rest), e.Stated))
	return e
}

// Earmark returns what the reservation keeps for a trade. It is empty if that is nothing.
func (r Reservation) Earmark(trade string) Earmark {
	if i := r.indexOf(trade); i >= 0 {
		return r.Earmarks[i]
	}
	return Earmark{Trade: trade}
}

func (r Reservation) indexOf(trade string) int {
	return slices.IndexFunc(r.Earmarks, func(e Earmark) bool { return e.Trade == trade })
}

// keeping returns the reservation with another earmark of the same trade; an empty one removes it.
func (r Reservation) keeping(e Earmark) Reservation {
	r.Earmarks = slices.Clone(r.Earmarks)
	if i := r.indexOf(e.Trade); i >= 0 {
		r.Earmarks = slices.Delete(r.Earmarks, i, i+1)
	}
	if e.Amount().IsPositive() {
		r.Earmarks = append(r.Earmarks, e)
		slices.SortFunc(r.Earmarks, func(x, y Earmark) int { return cmp.Compare(x.Trade, y.Trade) })
	}
	return r
}

func sameEarmarks(r, s Reservation) bool {
	return slices.EqualFunc(r.Earmarks, s.Earmarks, func(x, y Earmark) bool {
		return x.Trade == y.Trade && x.Stated.Equal(y.Stated) && x.Rest.Equal(y.Rest)
	})
}

// earmarked returns what the reservation keeps for all trades.
func (r Reservation) earmarked() decimal.Decimal {
	sum := decimal.Zero
	for _, e := range r.Earmarks {
		sum = sum.Add(e.Amount())
	}
	return sum
}

// trimmed returns the reservation without earmarks of what is not consumed any more. So a reversal takes first what was consumed
// for no trade. Which trade loses its earmark after that depends on the ids alone.
func (r Reservation) trimmed() Reservation {
	for i := len(r.Earmarks) - 1; i >= 0; i-- {
		over := r.earmarked().Sub(r.Taken)
		if !over.IsPositive() {
			break
		}
		r = r.keeping(r.Earmarks[i].less(over))
	}
	return r
}

// consumedFor returns the reservation after a consumption for a trade that has not come yet; a part of zero means all that is open.
// Errors: [*EndedError], [*ShortError].
func (r Reservation) consumedFor(trade string, part decimal.Decimal) (Reservation, error) {
	next, err := r.After(Consume, part)
	if err != nil {
		return r, err
	}
	e := r.Earmark(trade)
	if part.IsZero() {
		e.Rest = e.Rest.Add(next.Taken.Sub(r.Taken))
	} else {
		e.Stated = e.Stated.Add(part)
	}
	return next.keeping(e), nil
}

// reversedFor returns the reservation after a reversal of what was consumed for a trade that has not come yet; a part of zero means all
// of that. Errors: [*EndedError], [*ShortError].
func (r Reservation) reversedFor(trade string, part decimal.Decimal) (Reservation, error) {
	e := r.Earmark(trade)
	if part.IsZero() {
		part = e.Amount()
	}
	if part.GreaterThan(e.Amount()) || part.IsZero() {
		return r, &ShortError{Step: Reverse, Asked: part, Left: e.Amount(), Currency: r.Terms.Currency}
	}
	next, err := r.keeping(e.less(part)).After(Reverse, part)
	if err != nil {
		return r, err
	}
	return next, nil
}

// Usable reports whether the reservation's state allows a trade to take a part of it over.
func (r Reservation) Usable(step Step, trade string) bool {
	if r.Earmark(trade).Amount().IsPositive() {
		step = Report // a state in which nothing is open allows it, too
	}
	_, allowed := transitions[r.State][step]
	return allowed
}

// fromTaken returns what of the consumed part a trade may take over: what was consumed for it, and, if it is a report, what was
// consumed for no trade.
func (r Reservation) fromTaken(step Step, trade string) decimal.Decimal {
	mine := r.Earmark(trade).Amount()
	if step == Report {
		mine = mine.Add(r.Taken.Sub(r.earmarked()))
	}
	return mine
}

// Left returns what a trade may take over by a step: what it may take of the consumed part, and what is open.
func (r Reservation) Left(step Step, trade string) decimal.Decimal {
	return r.fromTaken(step, trade).Add(r.Open)
}

// takenOver returns the reservation of a line check after a trade took a part of it over, and what of the part was consumed. The
// trade takes first what was consumed for it. A report goes on with what was consumed for no trade. The rest is taken of what is
// open. step is Use or Report. Errors: [*EndedError], [*ShortError].
func (r Reservation) takenOver(step Step, trade string, part decimal.Decimal) (next Reservation, taken decimal.Decimal, err error) {
	if !r.Usable(step, trade) {
		return r, taken, &EndedError{State: r.State, Step: step}
	}
	mine := r.Earmark(trade)
	taken = decimal.Min(part, r.fromTaken(step, trade))
	if left := r.Left(step, trade); part.GreaterThan(left) || part.IsZero() {
		return r, taken, &ShortError{Step: step, Asked: part, Left: left, Currency: r.Terms.Currency}
	}
	back := mine.unneeded(part)
	next = r.keeping(Earmark{Trade: trade})
	next.Taken = r.Taken.Sub(taken).Sub(back)
	next.Open = r.Open.Sub(part.Sub(taken))
	if !r.Closed {
		next.Open = next.Open.Add(back)
	}
	return next.at(Used), taken, nil
}
