package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// proposal is an exposure that wants to be reserved, valued before the lines are locked.
type proposal struct {
	id       string
	kind     line.Kind
	provider string
	path     line.Path
	wanted   time.Time // until when the reservation is needed; zero leaves it to the default
	base     string    // currency
	exposure line.Exposure
	lines    []line.Line
	refused  *messages.Rejected // decided without asking a line
}

// propose values a deal on the static data as it is.
func (s *Batch) propose(deal line.Deal, path line.Path) proposal {
	p := proposal{path: path, base: deal.Base}
	err := s.fault
	if err == nil {
		p.exposure, err = line.Assess(deal, s.static.Market)
	}
	if err == nil {
		p.lines, err = s.static.Lines(path)
	}
	if err != nil {
		p.refused = refusalOf(err, path)
	}
	return p
}

// Want asks for the nodes of the path, and for what is due already where a settlement limit counts.
func (p proposal) Want(s *Batch) {
	w := &s.wanted
	w.New = append(w.New, p.id)
	if p.refused != nil {
		return
	}
	w.Paths = append(w.Paths, p.path)
	for _, l := range p.lines {
		if !l.Limit.Settlement.Valid {
			continue
		}
		for _, due := range p.exposure.Settlements {
			w.Buckets = append(w.Buckets, line.Bucket{Node: l.Node, ValueDate: due.ValueDate})
		}
	}
}

// reserve holds the proposal against its lines and reserves it, or says why not. Asked for again it answers the same.
func (s *Batch) reserve(p proposal, now time.Time, e event.Event) (line.Reservation, *messages.Rejected, error) {
	none := line.Reservation{}
	if known, ok := s.book.Reservation(p.id); ok {
		return known, ended(known, now), nil
	}
	if e.Expired(now) {
		return none, tooLate(e, now), nil
	}
	if p.refused != nil {
		return none, p.refused, nil
	}
	s.expireLapsed(now)
	verdict, err := s.book.Check(p.exposure, p.lines)
	if err != nil {
		return none, nil, err
	}
	if verdict.Refusal != nil {
		r, err := refusedByLine(verdict)
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
		ID: p.id, Kind: p.kind, Provider: p.provider, Path: p.path,
		Exposure: p.exposure.Amount, Settlements: p.exposure.Settlements,
		State: line.Reserved, ExpiresAt: p.expiry(now), Record: record,
	}, err
}

// expiry of a trade's reservation is never before the trade's own deadline, within bounds: what may still be registered
// must still be reserved. A check's is as its provider wants it.
func (p proposal) expiry(now time.Time) time.Time {
	if usual := now.Add(line.DefaultLife); p.kind == line.ForTrade && p.wanted.Before(usual) {
		return usual
	}
	return line.Expiry(now, p.wanted)
}
