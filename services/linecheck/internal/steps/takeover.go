package steps

import (
	"cmp"
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
// use the line once. What the check covers is not checked again, because the check has promised it: no figure and no line that
// is missing now refuses the trade.
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

// mayNeedMore reports whether the trade may need more than its line check has reserved. The price of a request is near the
// market, so the check covers it. Nothing bounds the price of a report.
func (x *takeover) mayNeedMore() bool { return x.step == line.Report }

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
	r := line.Reservation{
		ID: p.id, Kind: p.kind, Provider: p.provider, Path: source.Path, Terms: p.terms, ExpiresAt: p.expiry(now),
		From: line.Source{ID: source.ID, Part: part}, Exchange: p.uses.exchange(p, source),
	}
	flag, err := s.measure(p, source, &r)
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
	if r.Record, err = s.recordUse(p, r, source, flag, before, now); err != nil {
		return none, nil, err
	}
	s.book.Note(r.ID, r.Record)
	return r, nil, s.freeRest(p.uses, source.ID)
}

// measure sets what a trade needs by itself, if that may be more than its line check has reserved. What it needs more is checked
// against the lines, but a report is a fact: it is never refused for it. measure returns what a person should look at, or nil.
func (s *Batch) measure(p proposal, source line.Reservation, r *line.Reservation) (*messages.Flag, error) {
	switch {
	case !p.uses.mayNeedMore():
		return nil, nil
	case p.refused != nil:
		return &messages.Flag{Flag: messages.NotMeasured, Text: "only what the line check reserved is counted: " + p.refused.Text}, nil
	}
	r.Exposure, r.Settlements = p.exposure.Amount, p.exposure.Settlements
	more := p.exposure
	covered, due := source.Covers(r.From.Part, decimal.Zero, nil)
	if more.Amount = more.Amount.Sub(covered); !more.Amount.IsPositive() {
		return nil, nil
	}
	more.Exchange = line.Exchange{} // the check has reserved for the amounts
	more.Settlements = line.Beyond(due, p.exposure.Settlements)
	verdict, err := s.book.Check(line.Claim{Terms: p.terms, Exposure: more, Lines: p.lines})
	if err != nil || verdict.Refusal == nil {
		return nil, err
	}
	return &messages.Flag{Flag: messages.OverLine, Text: string(verdict.Refusal.Code) + ": " + verdict.Refusal.Text}, nil
}

// exchange returns what the trade exchanges. If the market's figures are missing, its quote amount has the value that it has in
// the check.
func (x *takeover) exchange(p proposal, source line.Reservation) line.Exchange {
	if p.refused == nil {
		return p.exposure.Exchange
	}
	leg, was := x.deal.Legs[0], source.Exchange
	own := line.Exchange{Base: leg.BaseAmount, Quote: leg.QuoteAmount}
	if was.Quote.IsPositive() {
		own.Value = own.Quote.Mul(was.Value).DivRound(was.Quote, 2)
	}
	return own
}

// recordUse returns the answer to a trade that took a part of a line check's reservation over.
func (s *Batch) recordUse(
	p proposal, r, source line.Reservation, flag *messages.Flag, before []line.Usage, now time.Time,
) (record line.Record, err error) {
	basis := messages.Basis{BaseCurrency: p.baseCurrency(), BaseAmount: p.terms.Amount}
	if p.refused == nil {
		basis = basisOf(p, s.static, now)
	}
	basis.Settlements = messages.Settlements(r.Settlements)
	basis.LineCheck = &messages.TakenOver{CheckID: source.ID, Amount: r.From.Part, Currency: source.Terms.Currency, Flag: flag}
	basis.LineCheck.Exposure, _ = source.Covers(r.From.Part, decimal.Zero, nil)
	if record.Basis, err = json.Marshal(basis); err != nil {
		return record, fmt.Errorf("encode basis: %w", err)
	}
	after, err := s.usages(r.Path)
	if err != nil {
		return record, err
	}
	record.Nodes, err = s.moved(r.Path, before, after)
	return record, err
}

// part returns the part of the reservation that the deal uses, in the reservation's currency. The deal must be the one that was
// checked: the same client in its group, at the same desk, by the same dealer, and the same pair, side and value date, in one leg.
func (x *takeover) part(p proposal, source line.Reservation) (decimal.Decimal, *messages.Rejected) {
	t, leg := source.Terms, x.deal.Legs[0]
	asked := difference{id: source.ID}
	asked.compare("client", p.path.Client, source.Path.Client)
	asked.same("group", p.path.Group, source.Path.Group)
	asked.same("desk", p.path.Desk, source.Path.Desk)
	asked.same("dealer", p.path.Dealer, source.Path.Dealer)
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
	d.same(field, stated, reserved)
}

// same refuses what is not what was reserved, also if one of the two is empty.
func (d *difference) same(field, stated, reserved string) {
	if d.refused != nil || stated == reserved {
		return
	}
	d.refused = reject(reason.ReservationDiffers, fmt.Sprintf(
		"%s %.40q is not what was reserved: reservation %s is for %s", field, cmp.Or(stated, "none"), d.id, cmp.Or(reserved, "none")))
}
