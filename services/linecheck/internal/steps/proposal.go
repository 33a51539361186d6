package steps

import (
	"errors"
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// proposal is an exposure to be reserved. It is computed before the lines are locked.
type proposal struct {
	id       string
	kind     line.Kind
	provider string
	caller   *access.Caller // who asks by the API; nil for a provider
	path     line.Path
	terms    line.Terms
	wanted   time.Time // wanted expiry; zero means the default
	exposure line.Exposure
	lines    []line.Line
	figures  *directory.Snapshot // what the exposure was computed on
	uses     *takeover           // the line check that a trade uses; nil if it names none
	mayUse   takeover            // of a trade: how it uses a line check that was consumed for it
	fact     *fact               // set for a trade that is done, which nothing refuses
	refused  *messages.Rejected  // set if the exposure or the lines are not known: then no line can be checked
}

// propose computes the exposure of a deal in a pair on the batch's static data.
func (s *Batch) propose(pair string, deal line.Deal, path line.Path) proposal {
	p := proposal{path: path, figures: s.static}
	err := s.fault
	if err == nil {
		err = p.measure(pair, deal)
	}
	if err == nil {
		err = p.findLines(deal)
	}
	if err != nil {
		p.refused = refusalOf(err, path)
	}
	return p
}

// measure computes the exposure of the deal in a pair. With a [*line.TenorError] it is set, too.
func (p *proposal) measure(pair string, deal line.Deal) (err error) {
	if deal.Pair, err = p.figures.Market.Pair(pair); err != nil {
		return err
	}
	var beyond *line.TenorError
	p.exposure, err = line.Assess(deal, p.figures.Market, p.figures.AddOns)
	if err != nil && !errors.As(err, &beyond) {
		return err
	}
	p.terms = deal.Terms(p.exposure)
	p.terms.Netted = p.figures.Clients[p.path.Client].Netted
	return err
}

// findLines finds the lines of the deal, which is measured.
func (p *proposal) findLines(deal line.Deal) (err error) {
	if deal.Pair, err = p.figures.Market.Pair(p.terms.Pair); err != nil {
		return err
	}
	if p.lines, err = p.figures.Lines(p.path); err != nil {
		return err
	}
	return deal.Bound(p.lines)
}

// Want asks for the nodes of the path and for what their lines are checked against. A requested trade that uses a line check asks
// for the check: its nodes are the trade's. Its lines are checked for a deal on a quote, and after the check's end. A trade that is done
// asks for its own nodes, too.
func (p proposal) Want(s *Batch) {
	w := &s.wanted
	w.New = append(w.New, p.id)
	if p.uses != nil {
		s.known(p.uses.check.CheckID)
	}
	if p.uses != nil && p.refused == nil && p.fact == nil {
		w.Paths = append(w.Paths, p.path) // after the check's end, what has lapsed on the path is freed before its lines are checked
	}
	if p.fact != nil || p.uses == nil && p.refused == nil {
		w.Paths = append(w.Paths, p.path)
		w.Sets = append(w.Sets, p.terms.Sets(p.path, p.exposure.Settlements)...)
	}
	if p.fact != nil || p.refused == nil {
		p.wantBounds(w)
	}
}

// wantBounds asks for the clients whose collateral relieves a group, and for the settlement buckets of nodes that have a
// settlement limit.
func (p proposal) wantBounds(w *store.Wanted) {
	for _, l := range p.lines {
		for _, pledge := range l.Pledged {
			w.Relief = append(w.Relief, line.Member{Group: l.Node.ID, Client: pledge.Client})
		}
		if !l.Limit.Settlement.Valid {
			continue
		}
		for _, due := range p.exposure.Settlements {
			w.Buckets = append(w.Buckets, line.Bucket{Node: l.Node, ValueDate: due.ValueDate})
		}
	}
}

// reserve checks the proposal against its lines and reserves it, or returns the refusal. If the reservation exists,
// reserve returns it again, or a refusal if it has ended. A trade that is done is reserved whatever its lines say.
func (s *Batch) reserve(p proposal, now time.Time, e event.Event) (_ line.Reservation, refused *messages.Rejected, _ error) {
	none := line.Reservation{}
	known, ok := s.book.Reservation(p.id)
	switch {
	case ok && p.fact != nil:
		return known, nil, nil
	case ok:
		return known, ended(known, now), nil
	case p.fact != nil:
		r, err := s.report(p, now)
		return r, nil, err
	case e.Expired(now):
		return none, tooLate(e, now), nil
	case !p.wanted.IsZero() && !now.Before(p.wanted):
		return none, overAlready(p.wanted, now), nil
	}
	p.uses, refused = s.uses(p)
	if refused != nil {
		return none, refused, nil
	}
	if p.uses != nil {
		r, refused, err := s.takeOver(p, now)
		return r, p.uses.explained(refused), err
	}
	if p.refused != nil {
		return none, p.refused, nil
	}
	s.expireLapsed(now)
	verdict, err := s.book.Check(line.Claim{Terms: p.terms, Exposure: p.exposure, Lines: p.lines})
	if err != nil {
		return none, nil, err
	}
	if verdict.Refusal != nil {
		r, err := refusedByLine(verdict, p.caller)
		return none, r, err
	}
	r, err := s.reservation(p, verdict, now)
	if err != nil {
		return none, nil, err
	}
	return r, nil, s.book.Reserve(r)
}

func (s *Batch) reservation(p proposal, verdict line.Verdict, now time.Time) (line.Reservation, error) {
	record, err := s.record(p, verdict, now)
	return line.Reservation{
		ID: p.id, Kind: p.kind, Provider: p.provider, Path: p.path, Terms: p.terms,
		Exposure: p.exposure.Amount, Settlements: p.exposure.Settlements, Exchange: p.exposure.Exchange, Swap: p.exposure.Swap(),
		State: line.Reserved, ExpiresAt: p.expiry(now), Record: record,
	}, err
}

// expiry returns the time at which the reservation expires. The reservation of a trade lasts until the trade's
// deadline, for at least DefaultLife and at most MaxLife, because a trade may be registered until its deadline. That of a report has no
// deadline and lasts for FactLife. The reservation of a check lasts as long as its provider wants, within MaxLife.
func (p proposal) expiry(now time.Time) time.Time {
	if p.fact != nil {
		return now.Add(line.FactLife)
	}
	if usual := now.Add(line.DefaultLife); p.kind == line.ForTrade && p.wanted.Before(usual) {
		return usual
	}
	return line.Expiry(now, p.wanted)
}

// baseCurrency returns the base currency of the pair.
func (p proposal) baseCurrency() string {
	base, _, _ := strings.Cut(p.terms.Pair, "/")
	return base
}
