// Package steps handles the messages of the API's queues: each tells a fact about a trade. The topology follows from the table
// of steps.
package steps

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
)

// Batch holds the trades of one batch.
type Batch struct {
	wanted  []string
	found   store.Trades // by id; those of the wanted ones that have a row
	changed store.Trades // also those that have no row yet
	checks  []blotter.Check
	legs    []store.SettledLeg

	originals []blotter.Original
	runs      []blotter.Run
	reports   []blotter.DayReport
	asked     []blotter.Asked
	declined  []blotter.Declined
	refused   []blotter.RefusedMessage
	compared  []blotter.LineComparison
	actions   []blotter.Action
}

// Facts returns the steps of the queue of trades. It also takes news about settlement, which a binding of an earlier version may still
// bring.
func Facts() inbox.Steps[*Batch] {
	all := facts()
	maps.Copy(all, settled())
	return stepsOf(all)
}

// SettledSteps returns the steps of the queue of news about settlement.
func SettledSteps() inbox.Steps[*Batch] { return stepsOf(settled()) }

// RefusedSteps returns the steps of the queue of messages that gateways have refused.
func RefusedSteps() inbox.Steps[*Batch] { return stepsOf(refusals()) }

// ComparedSteps returns the steps of the queue of comparisons of lines.
func ComparedSteps() inbox.Steps[*Batch] { return stepsOf(comparisons()) }

// ActionSteps returns the steps of the queue of actions on trades.
func ActionSteps() inbox.Steps[*Batch] { return stepsOf(actions()) }

// stepsOf returns steps without inbox rows: each row that they write says of itself whether a message is news to it.
func stepsOf(table inbox.Table[*Batch]) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{Table: table, Begin: func() *Batch { return &Batch{changed: store.Trades{}} }, Idempotent: true}
}

// Load locks the rows of the trades that have one.
func (s *Batch) Load(b *pgx.Batch) { s.found = store.QueueLock(b, s.wanted) }

// Store writes the trades and the line checks of which something new was told, in one order for all replicas.
func (s *Batch) Store(b *pgx.Batch) {
	store.QueueWrite(b, s.found, s.changed)
	slices.SortStableFunc(s.checks, func(a, b blotter.Check) int { return cmp.Compare(a.ID, b.ID) })
	store.QueueChecks(b, s.checks)
	slices.SortStableFunc(s.legs, store.SettledLeg.Compare)
	store.QueueLegs(b, s.legs)
	slices.SortStableFunc(s.originals, func(a, b blotter.Original) int { return cmp.Compare(a.MessageID, b.MessageID) })
	store.QueueOriginals(b, s.originals)
	slices.SortStableFunc(s.runs, func(a, b blotter.Run) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range s.runs {
		store.QueueRun(b, r)
	}
	slices.SortStableFunc(s.reports, func(a, b blotter.DayReport) int { return cmp.Compare(a.Day, b.Day) })
	for _, r := range s.reports {
		store.QueueDayReport(b, r)
	}
	slices.SortStableFunc(s.asked, func(a, b blotter.Asked) int { return cmp.Compare(a.MovementID, b.MovementID) })
	for _, a := range s.asked {
		store.QueueAsked(b, a)
	}
	slices.SortStableFunc(s.declined, func(a, b blotter.Declined) int { return cmp.Compare(a.CommandID, b.CommandID) })
	for _, d := range s.declined {
		store.QueueDeclined(b, d)
	}
	slices.SortStableFunc(s.refused, store.CompareRefused)
	for _, m := range s.refused {
		store.QueueRefusedMessage(b, m)
	}
	slices.SortStableFunc(s.actions, func(a, b blotter.Action) int { return cmp.Compare(a.ID, b.ID) })
	for _, a := range s.actions {
		store.QueueAction(b, a)
	}
	slices.SortStableFunc(s.compared, func(a, b blotter.LineComparison) int { return cmp.Compare(a.Day, b.Day) })
	for _, c := range s.compared {
		store.QueueLineComparison(b, c)
	}
}

// tell is the step of every type: it adds the fact to the trade, and the message to the trade's history. It emits nothing. A message that is
// in the history already changes nothing, so the stream does not tell of it again.
type tell struct{ messages.Fact }

// telling returns the step of a type from the reader of its data.
func telling(read func(event.Event) (messages.Fact, error)) inbox.Step[*Batch] {
	return func(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
		fact, err := read(e)
		return tell{fact}, err
	}
}

// Want asks for the trade.
func (t tell) Want(s *Batch) { s.wanted = append(s.wanted, t.TradeID) }

// Decide adds the fact.
func (t tell) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	trade := cmp.Or(s.changed[t.TradeID], s.found[t.TradeID])
	if trade == nil {
		trade = &blotter.Facts{}
	}
	if trade.Knows(e.ID) {
		return nil, nil
	}
	t.Apply(trade)
	service, _, _ := strings.Cut(e.Source, "/")
	trade.Note(blotter.Entry{ID: e.ID, Event: e.Type.Name, At: e.Time, By: service})
	s.changed[t.TradeID] = trade
	if t.Settlement != nil {
		s.legs = append(s.legs, store.SettledLeg{TradeID: t.TradeID, Settlement: *t.Settlement})
	}
	return nil, nil
}
