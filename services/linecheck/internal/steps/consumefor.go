package steps

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// A consumption may name the trade for which it is. The two are one use of the line, whichever comes first, and several consumptions
// for one trade add up to it. What they state beyond the trade's size is consumed by itself. A reversal may name the trade, too, until
// that comes.

// namesTrade reports whether the request is about a trade.
func (c resolveCheck) namesTrade() bool {
	return c.request.ForTrade != "" && (c.step == line.Consume || c.step == line.Reverse)
}

// wrongTrade refuses what cannot be the provider's trade on this reservation, and a reversal for a trade that has come. A trade that
// did not use the check is counted by itself, so a consumption for it would count the deal twice.
func (c resolveCheck) wrongTrade(s *Batch) *messages.Rejected {
	q := c.request
	if !c.namesTrade() {
		return nil
	}
	target, _ := s.book.Reservation(q.Target)
	own := ownedBy(q.Provider, target.Path)
	t, known := s.book.Reservation(q.ForTrade)
	if !contract.IsID(q.ForTrade) || known && (t.Kind != line.ForTrade || !own(t)) {
		return reject(reason.UnknownReservation, fmt.Sprintf(
			"provider %s has no trade %s to consume a reservation for: check the trade's name, or leave it out", q.Provider, forTradeOf(q)))
	}
	if known && c.step == line.Reverse && t.State.Stands() {
		return reject(reason.ReservationDiffers, fmt.Sprintf(
			"trade %s has come, and what was consumed for it is the trade's: leave the trade out to reverse what is consumed beside it", t.ID))
	}
	if known && c.step == line.Consume && t.From.ID != q.Target && (t.State.Stands() || t.State == line.Expired) {
		return reject(reason.ReservationDiffers, fmt.Sprintf(
			"trade %s did not use reservation %s, so its line is counted without it: cancel the reservation if it is not needed", t.ID, targetOf(q)))
	}
	if keeper, kept := s.book.Keeper(q.ForTrade, own); kept && keeper.ID != q.Target {
		return reject(reason.ReservationDiffers, fmt.Sprintf(
			"reservation %s was consumed for trade %s, and a trade uses one reservation: reverse that consumption, or leave the trade out",
			keeper.ID, forTradeOf(q)))
	}
	return nil
}

// trade returns the reservation of the trade for which a consumption is, if the trade came first and has not come to nothing.
func (c resolveCheck) trade(s *Batch) (line.Reservation, bool) {
	if c.step != line.Consume {
		return line.Reservation{}, false
	}
	t, known := s.book.Reservation(c.request.ForTrade)
	return t, known && t.State.Stands()
}

// resolve applies the step to a part of the reservation. What is consumed for a trade that may still come is kept for it: one that has
// not come yet, or whose reservation has expired, because it may be registered all the same. A trade that was rejected cannot come
// again, so what is consumed for it is consumed for no trade.
func (c resolveCheck) resolve(s *Batch, id string, part decimal.Decimal) (line.Reservation, error) {
	trade := c.request.ForTrade
	t, came := s.book.Reservation(trade)
	switch {
	case came && t.State != line.Expired || !c.namesTrade():
		return s.book.ResolvePart(id, c.step, part)
	case c.step == line.Reverse:
		return s.book.ReverseFor(id, trade, part)
	}
	return s.book.ConsumeFor(id, trade, part)
}

// resolveUsed answers a consumption for a trade that came first. The trade has taken its part of the check over, so what is
// consumed for it changes no usage, and the answer shows what stands. If the trade is rejected later, it is consumed again.
func (c resolveCheck) resolveUsed(s *Batch, now time.Time, e event.Event, t line.Reservation) ([]event.Event, error) {
	r, err := s.lapse(t.From.ID, now)
	if err != nil {
		return nil, err
	}
	part, refused := c.part(s, r)
	if refused != nil {
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
	}
	before, err := s.usages(r.Path)
	if err != nil {
		return nil, err
	}
	if part.IsZero() {
		part = t.From.Open()
	}
	r, refused, err = s.consumeBeyond(t, r, part)
	switch {
	case err != nil:
		return nil, err
	case refused != nil:
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
	}
	if err := s.book.Vouch(t.ID, part); err != nil {
		return nil, err
	}
	return c.completed(s, e, r, part, before)
}

// consumeBeyond consumes what of a part is beyond what the trade t has used of the reservation r and no consumption has named yet.
// It returns the reservation afterwards, or a refusal if that is not open. It also refuses a part of zero: the consumption states no
// amount, and nothing is left for it.
func (s *Batch) consumeBeyond(t, r line.Reservation, part decimal.Decimal) (line.Reservation, *messages.Rejected, error) {
	beyond := part.Sub(t.From.Open())
	switch {
	case part.IsZero():
		return r, reject(reason.ReservationDiffers, fmt.Sprintf(
			"trade %s has used %s %s of reservation %s, and all of that was consumed before: nothing is left for it", t.ID, t.From.Part, r.Terms.Currency, r.ID)), nil
	case !beyond.IsPositive():
		return r, nil, nil
	}
	after, err := s.book.ResolvePart(r.ID, line.Consume, beyond)
	var short *line.ShortError
	var over *line.EndedError
	if errors.As(err, &short) || errors.As(err, &over) {
		return r, reject(reason.ReservationDiffers, fmt.Sprintf(
			"trade %s has used %s %s of reservation %s, of which %s was consumed before: %s is beyond that, and only %s is left",
			t.ID, t.From.Part, r.Terms.Currency, r.ID, t.From.Taken, beyond, r.Open)), nil
	}
	return after, nil, err
}
