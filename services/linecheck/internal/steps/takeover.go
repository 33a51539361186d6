package steps

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// takeover is a trade that names the line check that it uses. The trade takes the check's reservation over, so that the two
// use the line once. Its lines are not checked again: the check has promised them.
type takeover struct {
	check messages.LineCheck
	step  line.Step
	deal  line.Deal
}

func takeoverOf(t messages.Trade, deal line.Deal) *takeover {
	if t.Request.LineCheck == nil {
		return nil
	}
	x := &takeover{check: *t.Request.LineCheck, step: line.Use, deal: deal}
	if t.Request.Kind == messages.Reported {
		x.step = line.Report
	}
	return x
}

// takeOver reserves the proposal out of the reservation of its line check, or returns the refusal.
func (s *Batch) takeOver(p proposal, now time.Time) (line.Reservation, *messages.Rejected, error) {
	none := line.Reservation{}
	source, refused, err := s.usable(p.uses.check.CheckID, p.provider, p.uses.step, now)
	if err != nil || refused != nil {
		return none, refused, err
	}
	part, refused := p.uses.part(p, source)
	if refused != nil {
		return none, refused, nil
	}
	p.terms.Netted = source.Terms.Netted
	r, err := s.fromCheck(p, source, part, now)
	if err != nil {
		return none, nil, err
	}
	r, err = s.book.TakeOver(r, p.uses.step)
	var short *line.ShortError
	if errors.As(err, &short) {
		return none, reject(reason.ReservationDiffers, fmt.Sprintf("line check %s: %s: reserve more, or deal less", source.ID, short)), nil
	}
	if err != nil {
		return none, nil, err
	}
	return r, nil, s.freeRest(p.uses, source.ID)
}

// fromCheck returns the reservation of a trade that takes a part of a line check's over. Its answer shows the lines as they
// are: they change by nothing.
func (s *Batch) fromCheck(p proposal, source line.Reservation, part decimal.Decimal, now time.Time) (line.Reservation, error) {
	basis := basisOf(p, s.static, now)
	basis.LineCheck = &messages.TakenOver{CheckID: source.ID, Amount: part, Currency: source.Terms.Currency}
	used, err := s.usages(source.Path)
	if err != nil {
		return line.Reservation{}, err
	}
	r := line.Reservation{
		ID: p.id, Kind: p.kind, Provider: p.provider, Path: source.Path, Terms: p.terms, ExpiresAt: p.expiry(now),
		From: line.Source{ID: source.ID, Part: part},
	}
	if r.Record.Nodes, err = s.moved(source.Path, used, used); err != nil {
		return r, err
	}
	r.Record.Basis, err = json.Marshal(basis)
	return r, err
}

// part returns the part of the reservation that the deal uses, in the reservation's currency. The deal must be the one that was
// checked: the same client, pair, side and value date, in one leg.
func (x *takeover) part(p proposal, source line.Reservation) (decimal.Decimal, *messages.Rejected) {
	t, leg := source.Terms, x.deal.Legs[0]
	asked := difference{id: source.ID}
	asked.compare("client", p.path.Client, source.Path.Client)
	asked.compare("pair", p.terms.Pair, t.Pair)
	asked.compare("side", string(p.terms.BaseSide()), string(t.BaseSide()))
	asked.compare("value date", p.terms.ValueDate.String(), dateOf(t))
	if len(x.deal.Legs) > 1 {
		asked.compare("product", "swap", "a deal with one value date")
	}
	if asked.refused != nil {
		return decimal.Zero, asked.refused
	}
	if t.Currency == p.baseCurrency() {
		return leg.BaseAmount, nil
	}
	return leg.QuoteAmount, nil
}

// freeRest frees what the trade leaves of its line check, if it asks for that.
func (s *Batch) freeRest(x *takeover, id string) error {
	if x.check.Rest != messages.Free {
		return nil
	}
	_, err := s.book.Resolve(id, line.Cancel)
	return unlessEnded(err)
}

// dateOf returns the value date of terms, or "" if they have none.
func dateOf(t line.Terms) string {
	if t.ValueDate.IsZero() {
		return ""
	}
	return t.ValueDate.String()
}

// difference compares a later request with the reservation that it names. It keeps the first fault.
type difference struct {
	id      string
	refused *messages.Rejected
}

// compare refuses what is stated and is not what was reserved. Nothing is compared where the reservation does not say it:
// it was made before these terms were kept.
func (d *difference) compare(field, stated, reserved string) {
	if d.refused != nil || stated == "" || reserved == "" || stated == reserved {
		return
	}
	d.refused = reject(reason.ReservationDiffers, fmt.Sprintf(
		"%s %.40q is not what was reserved: reservation %s is for %s", field, stated, d.id, reserved))
}
