package steps

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// whatIf are trades that somebody thinks of. Each is proposed and reserved as a real one is, by the same code, but in a book
// that is never stored.
type whatIf struct {
	who    access.Caller
	batch  *Batch
	trades []supposed
}

// readWhatIf proposes the trades of a question.
func (q Questions) readWhatIf(e event.Event, now time.Time) (question, error) {
	w, err := messages.ReadWhatIf(e)
	if err != nil {
		return nil, err
	}
	x := whatIf{who: w.Caller, batch: begin(q.Static, q.Dating)()}
	x.batch.At(now)
	for i, t := range w.Question.Trades {
		s := x.batch.suppose(t, e.Time, w.Caller)
		s.id = strconv.Itoa(i)
		if s.refused == nil {
			s.Want(x.batch)
		}
		x.trades = append(x.trades, s)
	}
	return x, nil
}

// queue queues the queries for what the trades are checked against.
func (x whatIf) queue(b *pgx.Batch) {
	if len(x.batch.wanted.Paths) > 0 {
		store.QueueWhatIf(b, x.batch.wanted, x.batch.book)
	}
}

// answer tells what would become of the trades.
func (x whatIf) answer(now time.Time) (any, error) {
	a := messages.WhatIfAnswer{AsOf: now.UTC(), Currency: line.Currency}
	x.batch.expireLapsed(now)
	for _, s := range x.trades {
		alone := *x.batch
		alone.book = x.batch.book.Clone()
		o, err := alone.outcome(s, x.who, now)
		if err != nil {
			return nil, err
		}
		a.Trades = append(a.Trades, o)
	}
	var err error
	a.Together, err = x.inSequence(now)
	return a, err
}

// outcome reserves a trade in the batch's book and tells who asks what came of it.
func (s *Batch) outcome(t supposed, who access.Caller, now time.Time) (messages.Outcome, error) {
	r, refused, err := s.reserve(t.proposal, now, event.Event{})
	if err != nil {
		return messages.Outcome{}, err
	}
	nodes := r.Record.Nodes
	o := messages.Outcome{}
	if refused != nil {
		o.Refused, nodes = refusalIn(refused), refused.Nodes
	}
	if o.Nodes, err = seenIn(who, nodes); err != nil {
		return o, err
	}
	if t.refused == nil {
		basis := basisOf(t.proposal, now)
		o.Exposure, o.Basis = t.exposure.Amount, &basis
	}
	t.date(&o)
	return o, nil
}

// seenIn is seenBy for nodes as JSON; nil if there are none.
func seenIn(who access.Caller, text []byte) (json.RawMessage, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var nodes []messages.Node
	if err := json.Unmarshal(text, &nodes); err != nil {
		return nil, fmt.Errorf("decode nodes: %w", err)
	}
	return event.Encode(seenBy(who, nodes))
}

func refusalIn(r *messages.Rejected) *messages.Refusal {
	return &messages.Refusal{Code: r.Code, Text: r.Text}
}

// date fills in the dates, as far as they are known.
func (t supposed) date(o *messages.Outcome) {
	if t.deal.Pair == nil {
		return
	}
	o.Pair, o.TradeDate, o.SpotDate = t.deal.Pair.Name, t.deal.Dates.Trade.String(), t.deal.Dates.Spot.String()
	for _, leg := range t.deal.Legs {
		o.ValueDates = append(o.ValueDates, leg.ValueDate.String())
	}
}

// inSequence reserves the trades one after the other.
func (x whatIf) inSequence(now time.Time) (messages.InSequence, error) {
	a := messages.InSequence{Settlements: []messages.Settlement{}, Refused: []messages.RefusedSupposed{}}
	before, err := x.standings()
	if err != nil {
		return a, err
	}
	var due []line.Settlement
	for i, t := range x.trades {
		r, refused, err := x.batch.reserve(t.proposal, now, event.Event{})
		if err != nil {
			return a, err
		}
		if refused != nil {
			a.Refused = append(a.Refused, messages.RefusedSupposed{Trade: i, Refusal: *refusalIn(refused)})
			continue
		}
		a.Exposure, due = a.Exposure.Add(r.Exposure), append(due, r.Settlements...)
	}
	a.Settlements = messages.Settlements(byDate(due))
	after, err := x.standings()
	if err != nil {
		return a, err
	}
	for i := range before {
		before[i].After = after[i].After
	}
	a.Nodes = seenBy(x.who, nodesOf(before))
	return a, nil
}

// standings returns how each line of the trades stands, in the order in which the trades name them.
func (x whatIf) standings() ([]line.Standing, error) {
	var list []line.Standing
	seen := map[line.Node]bool{}
	for _, t := range x.trades {
		if t.refused != nil {
			continue
		}
		standings, err := x.batch.book.Stand(t.lines)
		if err != nil {
			return nil, err
		}
		for _, s := range standings {
			if !seen[s.Line.Node] {
				seen[s.Line.Node] = true
				list = append(list, s)
			}
		}
	}
	return list, nil
}

// byDate adds up what is due on each value date.
func byDate(due []line.Settlement) []line.Settlement {
	sums := map[time.Time]decimal.Decimal{}
	for _, s := range due {
		sums[s.ValueDate] = sums[s.ValueDate].Add(s.Amount)
	}
	list := make([]line.Settlement, 0, len(sums))
	for date, amount := range sums {
		list = append(list, line.Settlement{ValueDate: date, Amount: amount})
	}
	slices.SortFunc(list, func(a, b line.Settlement) int { return cmp.Compare(a.ValueDate.Unix(), b.ValueDate.Unix()) })
	return list
}
