package steps

import (
	"encoding/json"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

func nodesOf(standings []line.Standing) []messages.Node {
	nodes := make([]messages.Node, len(standings))
	for i, s := range standings {
		nodes[i] = messages.Node{Node: s.Line.Node.String(), Before: s.Before, After: s.After}
		bear(&nodes[i], s)
	}
	return nodes
}

// bear adds the limit, the collateral and the headroom of the line to n.
func bear(n *messages.Node, s line.Standing) {
	total, headroom := s.Line.Total(), s.Headroom()
	n.Limit, n.Headroom = &total, &headroom
	if s.Line.Node.Level == line.Client {
		n.Collateral = &s.Line.Collateral
	}
}

// record returns the parts of the answer that are stored, so that a repeated request gets the same answer and anyone
// can compute the exposure again.
func (s *Batch) record(p proposal, v line.Verdict, now time.Time) (line.Record, error) {
	nodes, err := event.Encode(nodesOf(v.Standings))
	if err != nil {
		return line.Record{}, fmt.Errorf("encode nodes: %w", err)
	}
	basis, err := event.Encode(basisOf(p, now))
	if err != nil {
		return line.Record{}, fmt.Errorf("encode basis: %w", err)
	}
	return line.Record{Basis: basis, Nodes: nodes}, nil
}

func basisOf(p proposal, now time.Time) messages.Basis {
	x, asOf, ratesAsOf := p.exposure, p.figures.AsOf, p.figures.Market.RatesAsOf()
	return messages.Basis{
		BaseCurrency: p.baseCurrency(), BaseAmount: x.BaseAmount, Conversion: x.Conversion, AddOn: x.AddOn, TenorDays: x.TenorDays,
		MarkToMarket: x.MarkToMarket, Settlements: messages.Settlements(x.Settlements),
		RatesAsOf: ratesAsOf.UTC(), RatesAge: age(now, ratesAsOf),
		HoldingsAsOf: asOf.Holdings.Time.UTC(), HoldingsAge: age(now, asOf.Holdings.Time),
		LinesAsOf: asOf.Lines.Time.UTC(), LinesAge: age(now, asOf.Lines.Time),
		Exchange: exchangeOf(p.terms, x.Exchange), Swap: swapOf(p.terms, x.Swap()),
	}
}

// exchangeOf returns what a netted deal exchanges; nil for another.
func exchangeOf(t line.Terms, x line.Exchange) *messages.Exchange {
	if !t.Netted {
		return nil
	}
	of := messages.Exchange(x)
	return &of
}

// swapOf returns the legs of a netted swap; nil for another deal.
func swapOf(t line.Terms, x line.Swap) *messages.Swap {
	if !t.Netted || x.IsZero() {
		return nil
	}
	return &messages.Swap{NearExposure: x.Near.Exposure, Near: messages.Exchange(x.Near.Exchange), FarExposure: x.Far}
}

func age(now, then time.Time) int64 { return int64(now.Sub(then).Seconds()) }

// usages returns the current usage of the path's nodes.
func (s *Batch) usages(p line.Path) ([]line.Usage, error) {
	nodes := p.Nodes()
	list := make([]line.Usage, len(nodes))
	for i, n := range nodes {
		var err error
		if list[i], err = s.book.Usage(n); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// moved returns the path's nodes with their usage before and after a step, as JSON. It adds limits if static data is
// available; a step that needs no more of a line works without static data.
func (s *Batch) moved(p line.Path, before, after []line.Usage) (json.RawMessage, error) {
	var lines []line.Line
	if s.static != nil {
		lines, _ = s.static.Lines(p) // after an error the answer has no limits
	}
	nodes := make([]messages.Node, len(before))
	for i, n := range p.Nodes() {
		nodes[i] = messages.Node{Node: n.String(), Before: before[i].Used(), After: after[i].Used()}
		if lines != nil && len(lines[i].Pledged) == 0 { // what collateral relieves a group of is known only where it is checked
			bear(&nodes[i], line.Standing{Line: lines[i], Before: nodes[i].Before})
		}
	}
	return event.Encode(nodes)
}
