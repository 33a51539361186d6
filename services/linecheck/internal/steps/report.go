package steps

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// fact is a trade that was done elsewhere. Nothing that linecheck finds undoes it, so nothing refuses it: it counts on its lines, and
// what a person should look at is flagged.
type fact struct {
	deal    line.Deal
	missing string // why the exposure is not known; empty if it is
	flags   flags
}

type flags []messages.Flag

func (f *flags) add(name, text string) { *f = append(*f, messages.Flag{Flag: name, Text: text}) }

// proposeFact is propose for a trade that is done: it keeps what is known of it, and measures on data that is too old if there is no
// other. terms are those of the message.
func (s *Batch) proposeFact(pair string, deal line.Deal, terms line.Terms, path line.Path) proposal {
	f := &fact{deal: deal}
	p := proposal{path: path, terms: terms, figures: s.held, fact: f}
	switch {
	case s.held == nil:
		f.missing = refusalOf(s.fault, path).Text
		return p
	case s.fault != nil:
		f.flags.add(messages.NotMeasured, "it is measured on what data there is: "+refusalOf(s.fault, path).Text)
	}
	err := p.measure(pair, deal)
	var beyond *line.TenorError
	switch {
	case errors.As(err, &beyond):
		f.flags.add(messages.BeyondAddOns, fmt.Sprintf("the last value date is %s; add-ons are set up to %s, %s: the last one is carried on",
			beyond.Date, beyond.Longest, beyond.Last))
	case err != nil:
		f.missing = refusalOf(err, path).Text
		return p
	}
	if err := p.findLines(deal); err != nil {
		p.lines = nil
		f.flags.add(messages.NotMeasured, "it counts, but no line is checked: "+refusalOf(err, path).Text)
	}
	return p
}

// booking is a trade that is done while it is reserved.
type booking struct {
	proposal
	flags flags

	source  line.Reservation // the line check of which it takes a part
	part    decimal.Decimal  // of the check's amount; zero if it takes none
	needed  decimal.Decimal  // the trade's amount in the check's currency: part, or more
	differs bool             // the check was for other terms
}

// report reserves a trade that is done. It takes what is left of the line check that the trade names, and counts the rest by itself.
func (s *Batch) report(p proposal, now time.Time) (line.Reservation, error) {
	s.expireLapsed(now)
	b := &booking{proposal: p, flags: slices.Clone(p.fact.flags)}
	if err := b.findCheck(s, now); err != nil {
		return line.Reservation{}, err
	}
	r := b.reservation(now)
	if err := b.compare(s.book, r); err != nil {
		return r, err
	}
	before, err := s.usages(r.Path)
	if err != nil {
		return r, err
	}
	if r, err = b.reserve(s.book, r); err != nil {
		return r, err
	}
	if r.Record, err = s.recordUse(b.basis(r, now), r, before); err != nil {
		return r, err
	}
	s.book.Note(r.ID, r.Record)
	if b.source.ID == "" {
		return r, nil
	}
	if _, err := s.lapse(b.source.ID, now); err != nil { // what was kept for the trade and not needed is open again
		return r, err
	}
	return r, s.freeRest(b.uses, b.source.ID)
}

// findCheck finds the part that the trade takes of the line check that it names or that was consumed for it, and flags what does not
// fit.
func (b *booking) findCheck(s *Batch, now time.Time) error {
	uses, refused := s.uses(b.proposal)
	if b.uses = uses; uses == nil {
		if refused != nil {
			b.notUsed(refused)
		}
		return nil
	}
	source, refused, err := s.usable(b.uses.named(), b.provider, b.path.Client, line.Report, now)
	if err != nil {
		return err
	}
	if refused == nil {
		refused = b.uses.otherLine(b.proposal, source)
	}
	needed, exchanged := b.uses.needed(b.proposal, source)
	switch {
	case refused != nil:
		b.notUsed(refused)
		return nil
	case !exchanged:
		b.flags.add(messages.CheckNotUsed, fmt.Sprintf("the trade counts by itself: line check %s is for %s, which the trade does not exchange", source.ID, source.Terms.Currency))
		return nil
	case source.Left(line.Report, b.id).IsZero():
		b.flags.add(messages.CheckNotUsed, fmt.Sprintf("the trade counts by itself: nothing is left for it of line check %s: all of that was consumed for other trades", source.ID))
		return nil
	}
	b.take(source, needed)
	return nil
}

// notUsed flags that the trade takes nothing of its line check. It gives no advice to a provider whose trade is done.
func (b *booking) notUsed(why *messages.Rejected) {
	b.flags.add(messages.CheckNotUsed, "the trade counts by itself: "+cmp.Or(why.Fact, why.Text))
}

// take sets the part that the trade takes of a line check of its own lines.
func (b *booking) take(source line.Reservation, needed decimal.Decimal) {
	left := source.Left(line.Report, b.id)
	if source.Terms.Currency == "" { // made before terms were kept: it is used as a whole
		needed = left
	}
	b.source, b.needed, b.part = source, needed, decimal.Min(needed, left)
	if other := b.uses.otherDeal(b.proposal, source); other != nil {
		b.differs = true
		b.flags.add(messages.CheckDiffers, "the trade counts by itself, and its part of the line check is used: "+other.Text)
	} else {
		b.terms.Netted = source.Terms.Netted
	}
	if b.part.LessThan(needed) {
		b.flags.add(messages.CheckShort, fmt.Sprintf("%s %s is left of line check %s, and the trade needs %s: the rest counts without it",
			left, source.Terms.Currency, source.ID, needed))
	}
}

// reservation returns what the trade counts. Without a figure that is what its line check has reserved for such an amount.
func (b *booking) reservation(now time.Time) line.Reservation {
	r := line.Reservation{
		ID: b.id, Kind: b.kind, Provider: b.provider, Path: b.path, Terms: b.terms, ExpiresAt: b.expiry(now),
		From:     line.Source{ID: b.source.ID, Part: b.part},
		Exposure: b.exposure.Amount, Settlements: b.exposure.Settlements, Exchange: b.exposure.Exchange, Swap: b.exposure.Swap(),
	}
	if b.fact.missing == "" {
		return r
	}
	if b.part.IsZero() {
		b.flags.add(messages.NotMeasured, "nothing is counted on its lines: "+b.fact.missing)
	} else {
		b.flags.add(messages.NotMeasured, "only what the line check reserved is counted: "+b.fact.missing)
	}
	r.Exposure, r.Settlements = b.source.Covers(b.needed, decimal.Zero, nil)
	if b.part.IsZero() || b.differs {
		r.Settlements, r.Terms.Netted = unknownSettlements(b.fact.deal), false
		return r
	}
	r.Exchange, r.Swap = b.uses.exchange(b.proposal, b.source), line.Swap{}
	return r
}

// unknownSettlements returns a settlement of nothing for each leg of a deal, so that each leg can be settled.
func unknownSettlements(deal line.Deal) []line.Settlement {
	legs := make([]line.Settlement, len(deal.Legs))
	for i, l := range deal.Legs {
		legs[i].ValueDate = l.ValueDate.Time()
	}
	return legs
}

// compare flags what a line does not bear of the trade. A part of a line check no longer counts beside it, and what that part covers
// is not checked again.
func (b *booking) compare(book *line.Book, r line.Reservation) error {
	claim := line.Claim{Terms: b.terms, Exposure: b.exposure, Lines: b.lines}
	switch {
	case b.fact.missing != "" || b.lines == nil:
		return nil
	case b.part.IsZero():
		return b.flags.overLine(book.Check(claim))
	case b.differs:
		return b.flags.overLine(book.CheckInstead(claim, r, line.Report))
	}
	return b.flags.beyond(book, claim, r, line.Report, b.part.LessThan(b.needed))
}

// beyond flags what a line does not bear of a deal that takes over a part of the line check it was checked by, as far as it is more than
// was checked: in its amount, or in what it counts.
func (f *flags) beyond(book *line.Book, c line.Claim, r line.Reservation, step line.Step, short bool) error {
	check, _ := book.Reservation(r.From.ID)
	covered, _ := check.Covers(r.From.Part, decimal.Zero, nil)
	if !short && c.Exposure.Amount.LessThanOrEqual(covered) {
		return nil
	}
	c.Exposure.Amount, c.Exposure.Settlements = check.Covers(r.From.Part, c.Exposure.Amount, c.Exposure.Settlements)
	return f.overLine(book.CheckInstead(c, r, step))
}

// overLine flags what a line does not bear.
func (f *flags) overLine(v line.Verdict, err error) error {
	if err == nil && v.Refusal != nil {
		f.add(messages.OverLine, string(v.Refusal.Code)+": "+v.Refusal.Text)
	}
	return err
}

func (b *booking) reserve(book *line.Book, r line.Reservation) (line.Reservation, error) {
	switch {
	case b.part.IsZero():
		r.From = line.Source{}
		err := book.Reserve(r)
		return r, err
	case b.differs:
		return book.Displace(r, line.Report)
	}
	return book.TakeOver(r, line.Report)
}

// basis returns the figures of the decision, as far as they are known.
func (b *booking) basis(r line.Reservation, now time.Time) messages.Basis {
	basis := messages.Basis{BaseCurrency: b.baseCurrency(), BaseAmount: b.terms.Amount}
	if b.fact.missing == "" {
		basis = basisOf(b.proposal, now)
	}
	if r.From.ID != "" {
		basis.LineCheck = takenOver(r, b.source)
	}
	basis.Flags = b.flags
	return basis
}
