package steps

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// takeover is a trade that names the line check that it uses. The trade takes the check's reservation over, so that the two
// use the line once. What the check covers is not checked again while the check lasts, because the check has promised it: no figure
// and no line that is missing now refuses the trade.
type takeover struct {
	check  messages.LineCheck
	step   line.Step
	deal   line.Deal
	dealt  string // the currency of the trade's amounts, as the provider named it
	kept   bool   // the trade does not name the check: a consumption did
	quoted bool   // the deal is on a quote
}

// takeoverOf returns how a trade uses a line check. The check is empty if the trade names none.
func takeoverOf(t messages.Trade, deal line.Deal) takeover {
	x := takeover{step: line.Use, deal: deal, dealt: t.Request.Currency, quoted: t.Request.QuoteID != ""}
	if t.Request.LineCheck != nil {
		x.check = *t.Request.LineCheck
	}
	if t.Request.Kind == messages.Reported {
		x.step = line.Report
	}
	return x
}

// uses returns the line check that a trade uses, or a refusal. A consumption that named the trade is as good as a trade that names
// the check. It returns nil if neither has named the other.
func (s *Batch) uses(p proposal) (*takeover, *messages.Rejected) {
	keeper, kept := s.book.Keeper(p.id, ownedBy(p.provider, p.path))
	switch {
	case !kept:
		return p.uses, nil
	case p.uses == nil:
		x := p.mayUse
		x.check.CheckID, x.kept = keeper.ID, true
		return &x, nil
	case p.uses.check.CheckID != keeper.ID:
		return nil, advise(reason.ReservationDiffers, fmt.Sprintf("the trade names reservation %s, but reservation %s was consumed for it",
			p.uses.named(), keeper.ID), "name that one, or reverse the consumption first")
	}
	return p.uses, nil
}

// named returns how the trade names the line check.
func (x *takeover) named() named { return named{x.check.CheckID, x.check.Reference} }

// explained adds to a refusal why the check is used, if the trade does not name it.
func (x *takeover) explained(refused *messages.Rejected) *messages.Rejected {
	if refused != nil && x.kept {
		refused.Text = fmt.Sprintf("reservation %s was consumed for this trade: %s", x.check.CheckID, refused.Text)
	}
	return refused
}

// takeOver reserves a requested trade out of the reservation of its line check, or returns the refusal.
func (s *Batch) takeOver(p proposal, now time.Time) (line.Reservation, *messages.Rejected, error) {
	none := line.Reservation{}
	source, refused, err := s.owned(p.uses.named(), p.provider, p.path.Client, p.uses.step, now)
	if err != nil || refused != nil {
		return none, refused, err
	}
	if !source.Usable(p.uses.step, p.id) {
		return none, endedText(source.ID, source.State, source.ExpiresAt), nil
	}
	if refused = p.uses.other(p, source); refused != nil {
		return none, refused, nil
	}
	part, _ := p.uses.needed(p, source)
	p.terms.Netted = source.Terms.Netted
	if refused, err = s.pastPromise(p, source, part, now); err != nil || refused != nil {
		return none, refused, err
	}
	r := line.Reservation{
		ID: p.id, Kind: p.kind, Provider: p.provider, Path: source.Path, Terms: p.terms, ExpiresAt: p.expiry(now),
		From: line.Source{ID: source.ID, Part: part}, Exchange: p.uses.exchange(p, source),
	}
	found, err := s.beyondCheck(p, &r)
	if err != nil {
		return none, nil, err
	}
	before, err := s.usages(source.Path)
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
	basis := messages.Basis{BaseCurrency: p.baseCurrency(), BaseAmount: p.terms.Amount}
	if p.refused == nil {
		basis = basisOf(p, now)
	}
	basis.LineCheck, basis.Flags = takenOver(r, source), found
	if r.Record, err = s.recordUse(basis, r, before); err != nil {
		return none, nil, err
	}
	s.book.Note(r.ID, r.Record)
	if _, err := s.lapse(source.ID, now); err != nil { // what was kept for the trade and not needed is open again
		return none, nil, err
	}
	return r, nil, s.freeRest(p.uses, source.ID)
}

// pastPromise checks a trade against its lines that comes after the end of its line check. It may still use what was consumed for it,
// because that counts until the provider reverses it. But the check promises room until its end and no longer.
func (s *Batch) pastPromise(p proposal, source line.Reservation, part decimal.Decimal, now time.Time) (*messages.Rejected, error) {
	switch {
	case now.Before(source.ExpiresAt):
		return nil, nil
	case p.refused != nil:
		return p.refused, nil
	}
	s.expireLapsed(now)
	counted := decimal.Min(part, source.Earmark(p.id).Amount())
	verdict, err := s.book.CheckAnew(line.Claim{Terms: p.terms, Exposure: p.exposure, Lines: p.lines}, source.ID, counted)
	if err != nil || verdict.Refusal == nil {
		return nil, err
	}
	return refusedByLine(verdict, p.caller)
}

// beyondCheck counts what a deal on a quote needs beyond its line check: the market may have left the price of the quote, and no band
// bounds it. What a line does not bear of it is flagged and not refused, because check and quote are the bank's word.
func (s *Batch) beyondCheck(p proposal, r *line.Reservation) (found flags, err error) {
	switch {
	case !p.uses.quoted:
		return nil, nil
	case p.refused != nil:
		found.add(messages.NotMeasured, "only what the line check reserved is counted: "+p.refused.Text)
		return found, nil
	}
	r.Exposure, r.Settlements = p.exposure.Amount, p.exposure.Settlements
	err = found.beyond(s.book, line.Claim{Terms: p.terms, Exposure: p.exposure, Lines: p.lines}, *r, p.uses.step, false)
	var short *line.ShortError
	if errors.As(err, &short) {
		return found, nil // TakeOver says so
	}
	return found, err
}

// exchange returns what the trade exchanges. If the market's figures are missing, its quote amount has the value that it has in
// the check.
func (x *takeover) exchange(p proposal, source line.Reservation) line.Exchange {
	if p.exposure.BaseAmount.IsPositive() {
		return p.exposure.Exchange
	}
	leg, was := x.deal.Legs[0], source.Exchange
	own := line.Exchange{Base: leg.BaseAmount, Quote: leg.QuoteAmount}
	if was.Quote.IsPositive() {
		own.Value = own.Quote.Mul(was.Value).DivRound(was.Quote, 2)
	}
	return own
}

// recordUse completes the basis with what the reservation counts, and returns the answer to the trade.
func (s *Batch) recordUse(basis messages.Basis, r line.Reservation, before []line.Usage) (record line.Record, err error) {
	basis.Settlements = messages.Settlements(r.Settlements)
	basis.Exchange, basis.Swap = exchangeOf(r.Terms, r.Exchange), swapOf(r.Terms, r.Swap)
	if record.Basis, err = event.Encode(basis); err != nil {
		return record, fmt.Errorf("encode basis: %w", err)
	}
	after, err := s.usages(r.Path)
	if err != nil {
		return record, err
	}
	record.Nodes, err = s.moved(r.Path, before, after)
	return record, err
}

// takenOver returns what a trade took over of a line check, as it was before.
func takenOver(r, source line.Reservation) *messages.TakenOver {
	share, _ := source.Covers(r.From.Part, decimal.Zero, nil)
	return &messages.TakenOver{CheckID: source.ID, Amount: r.From.Part, Currency: source.Terms.Currency, Exposure: share, Consumed: r.From.Taken}
}

// other returns a refusal unless the deal is the one that was checked.
func (x *takeover) other(p proposal, source line.Reservation) *messages.Rejected {
	if refused := x.otherLine(p, source); refused != nil {
		return refused
	}
	return x.otherDeal(p, source)
}

// otherLine returns a refusal unless the deal uses the lines that were checked: of the same client in its group, at the same desk, by
// the same dealer.
func (x *takeover) otherLine(p proposal, source line.Reservation) *messages.Rejected {
	asked := difference{id: source.ID}
	asked.compare("client", p.path.Client, source.Path.Client)
	asked.same("group", p.path.Group, source.Path.Group)
	asked.same("desk", p.path.Desk, source.Path.Desk)
	asked.same("dealer", p.path.Dealer, source.Path.Dealer)
	return asked.refused
}

// otherDeal returns a refusal unless the deal has the terms that were checked: the same pair, side and value date, in one leg.
func (x *takeover) otherDeal(p proposal, source line.Reservation) *messages.Rejected {
	t := source.Terms
	asked := difference{id: source.ID}
	if len(x.deal.Legs) > 1 { // whichever leg is the checked one, its side is not what is wrong
		asked.compare("product", "swap", "a deal with one value date")
	}
	asked.compare("pair", p.terms.Pair, t.Pair)
	asked.compare("side", sideIn(p.terms, x.dealt), sideIn(t, x.dealt))
	asked.compare("value date", p.terms.ValueDate.String(), dateOf(t))
	return asked.refused
}

// sideIn returns the side of terms, as that of a currency if it is the quote one, else of the base one. It is empty for terms from
// before sides were kept.
func sideIn(t line.Terms, currency string) string {
	base, quote, _ := strings.Cut(t.Pair, "/")
	switch side := t.BaseSide(); {
	case side == "":
		return ""
	case currency == quote && side == line.Buy:
		return string(line.Sell) + " " + quote
	case currency == quote:
		return string(line.Buy) + " " + quote
	default:
		return string(side) + " " + base
	}
}

// needed returns the amount of the deal in the reservation's currency, and whether the deal exchanges that currency. A reservation
// from before terms were kept names none.
func (x *takeover) needed(p proposal, source line.Reservation) (amount decimal.Decimal, exchanged bool) {
	leg := x.deal.Legs[0]
	base, quote, _ := strings.Cut(p.terms.Pair, "/")
	switch source.Terms.Currency {
	case base:
		return leg.BaseAmount, true
	case quote, "":
		return leg.QuoteAmount, true
	}
	return decimal.Zero, false
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
	d.same(field, stated, reserved)
}

// same refuses what is not what was reserved, also if one of the two is empty.
func (d *difference) same(field, stated, reserved string) {
	if d.refused != nil || stated == reserved {
		return
	}
	d.refused = reject(reason.ReservationDiffers, fmt.Sprintf(
		"%s %.64q is not what was reserved: reservation %s is for %s", field, cmp.Or(stated, "none"), d.id, cmp.Or(reserved, "none")))
}
