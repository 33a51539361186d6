package steps

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// resolveCheck is a line check that consumes or cancels one of the provider's reservations, or reverses a consumption: in whole
// or, if it states an amount, in part.
type resolveCheck struct {
	request  messages.CheckRequest
	at       time.Time // when it was asked for
	step     line.Step
	decision messages.Decision
	caller   *access.Caller // of a request that came by the API
}

// Want asks for the reservation, and for that of the trade which the request names.
func (c resolveCheck) Want(s *Batch) {
	s.known(c.request.Target)
	if c.namesTrade() {
		s.known(c.request.ForTrade)
	}
}

// Decide resolves the reservation and emits linecheck.completed, or emits linecheck.rejected with the reason.
func (c resolveCheck) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) {
		return contract.Next(e, contract.LineCheckRejected, "rejected", tooLate(e, now))
	}
	if refused := c.outOfReach(s); refused != nil {
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
	}
	if refused := c.wrongTrade(s); refused != nil {
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
	}
	if t, done := c.trade(s); done {
		return c.resolveUsed(s, now, e, t)
	}
	r, refused, err := s.usable(targetOf(c.request), c.request.Provider, "", c.step, now)
	if err != nil {
		return nil, err
	}
	part := decimal.Zero
	if refused == nil {
		part, refused = c.part(s, r)
	}
	if refused != nil {
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
	}
	before, err := s.usages(r.Path)
	if err != nil {
		return nil, err
	}
	after, err := c.resolve(s, r.ID, part)
	var short *line.ShortError
	if errors.As(err, &short) {
		return contract.Next(e, contract.LineCheckRejected, "rejected", reject(reason.ReservationDiffers, short.Error()+": state at most that"))
	}
	if err != nil {
		return nil, err
	}
	amount := r.Open.Sub(after.Open)
	if c.step == line.Reverse {
		amount = r.Taken.Sub(after.Taken)
	}
	return c.completed(s, e, after, amount, before)
}

// lapse returns a reservation of the book, and expires it first if that is due.
func (s *Batch) lapse(id string, now time.Time) (line.Reservation, error) {
	r, ok := s.book.Reservation(id)
	switch {
	case !ok:
		return r, fmt.Errorf("reservation %s: %w", id, line.ErrNotLoaded)
	case r.Due(now):
		return s.book.Resolve(id, line.Expire)
	}
	return r, nil
}

// usable returns a reservation that the provider may resolve by a step, or a refusal; see owned.
func (s *Batch) usable(n named, provider, client string, step line.Step, now time.Time) (line.Reservation, *messages.Rejected, error) {
	r, refused, err := s.owned(n, provider, client, step, now)
	if err != nil || refused != nil {
		return r, refused, err
	}
	var over *line.EndedError
	if _, err := r.After(step, decimal.Zero); errors.As(err, &over) {
		return r, endedText(r.ID, r.State, r.ExpiresAt), nil
	}
	return r, nil, nil
}

// owned returns a reservation of one of the provider's line checks, or a refusal. It expires a lapsed reservation itself, so that
// a provider gains nothing if the expiry job is late. A reservation of another provider, or of a trade, is treated as unknown. So is
// one of another client, if the API asks: all its callers are one provider. An empty client is any, where outOfReach has decided.
func (s *Batch) owned(n named, provider, client string, step line.Step, now time.Time) (line.Reservation, *messages.Rejected, error) {
	r, ok := s.book.Reservation(n.id)
	another := provider == contract.APIProvider && client != "" && client != r.Path.Client
	if !ok || r.Provider != provider || r.Kind != line.ForCheck || another {
		return r, unknownTo(provider, n, step), nil
	}
	r, err := s.lapse(n.id, now)
	return r, nil, err
}

// part returns the stated amount, or zero if the request states none. What the request says about the reservation must be what
// was reserved.
func (c resolveCheck) part(s *Batch, r line.Reservation) (decimal.Decimal, *messages.Rejected) {
	q, t := c.request, r.Terms
	stated := difference{id: r.ID}
	stated.compare("client", q.Client, r.Path.Client)
	stated.compare("pair", s.conventional(q.Pair), t.Pair)
	stated.compare("currency", q.Currency, t.Currency)
	if t.Pair != "" {
		stated.compare("side", q.Side, string(t.Side))
	}
	stated.compare("value date", c.valueDate(s, r), dateOf(t))
	if stated.refused != nil || q.Amount == "" {
		return decimal.Zero, stated.refused
	}
	amount, refused := amountOf(q)
	if refused == nil {
		refused = c.tooPrecise(s, r, amount)
	}
	return amount, refused
}

// tooPrecise refuses an amount that has more decimals than the reservation's currency. Without static data it refuses none.
func (c resolveCheck) tooPrecise(s *Batch, r line.Reservation, amount decimal.Decimal) *messages.Rejected {
	if s.static == nil {
		return nil
	}
	pair, err := s.static.Market.Pair(r.Terms.Pair)
	if err != nil {
		return nil
	}
	if err := precise(pair, r.Terms.Currency, amount); err != nil {
		return refusalOf(err, r.Path)
	}
	return nil
}

// conventional returns a pair in its conventional order if the bank deals it, and as it is if not.
func (s *Batch) conventional(pair string) string {
	if s.static == nil || pair == "" {
		return pair
	}
	one, other, _ := strings.Cut(pair, "/")
	if p, err := s.static.Pair(one, other); err == nil {
		return p.Name
	}
	return pair
}

// valueDate returns the stated value date, or that of the stated tenor. It is empty if the request states neither.
func (c resolveCheck) valueDate(s *Batch, r line.Reservation) string {
	q := c.request
	if q.ValueDate != "" || q.Tenor == "" {
		return q.ValueDate
	}
	if s.static == nil {
		return "" // without calendars a tenor cannot be compared
	}
	pair, err := s.static.Market.Pair(r.Terms.Pair)
	if err != nil {
		return ""
	}
	_, date, err := s.dates(q, c.at, pair)
	if err != nil {
		return q.Tenor // a tenor that does not exist is not the reservation's
	}
	return date.String()
}

// completed answers with the amount that the request is for, and with what the reservation and the lines are now.
func (c resolveCheck) completed(s *Batch, e event.Event, is line.Reservation, amount decimal.Decimal, before []line.Usage) ([]event.Event, error) {
	after, err := s.usages(is.Path)
	if err != nil {
		return nil, err
	}
	nodes, err := s.moved(is.Path, before, after)
	if err != nil {
		return nil, err
	}
	return contract.Next(e, contract.LineCheckCompleted, "result", messages.Result{
		CheckID: c.request.CheckID, Decision: c.decision, ReservationID: is.ID, ExpiresAt: is.ExpiresAt.UTC(),
		Amount: &amount, Open: &is.Open, Taken: &is.Taken, Currency: is.Terms.Currency,
		Exposure: is.Exposure, Nodes: nodes,
	})
}
