package steps

import (
	"cmp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

// Listing holds what lists of trades share. They always load the legs that are here already.
type Listing struct {
	*Batch
	lists []*listed
}

// Listings returns the steps of the queue of lists of trades.
func Listings(static Static) inbox.Steps[*Listing] {
	return inbox.Steps[*Listing]{Table: listings(), Begin: func() *Listing { return &Listing{Batch: begin(static)} }}
}

// Assume assumes nothing.
func (s *Listing) Assume() bool { return false }

// Load loads the comparisons besides the legs.
func (s *Listing) Load(b *pgx.Batch) {
	for _, l := range s.lists {
		l.run = store.QueueComparison(b, l.story)
	}
	s.Batch.Load(b)
}

// Store stores the comparisons besides the legs.
func (s *Listing) Store(b *pgx.Batch) {
	s.Batch.Store(b)
	for _, l := range s.lists {
		if l.done {
			l.result.QueueCompared(b, l.story)
		}
	}
}

// listed is the step of trades.listed: it adds the legs that are not here, and asks for the next trades.
type listed struct {
	story  string
	list   messages.TradesListed
	tasks  []register // of the trades whose data can be read
	run    *store.Comparison
	result store.Compared
	done   bool
}

func readListed(_ *Listing, e event.Event) (inbox.Task[*Listing], error) {
	list, err := messages.ReadTradesListed(e)
	l := &listed{story: e.Correlation, list: list}
	l.result = store.Compared{Trades: len(list.Trades), Which: []string{}, Last: list.Last}
	for _, t := range list.Trades {
		trade, err := t.Trade()
		if err != nil {
			l.leaveOut(t.TradeID)
			continue
		}
		task, err := registering(trade)
		if err != nil {
			l.leaveOut(t.TradeID)
			continue
		}
		l.tasks = append(l.tasks, task)
	}
	return l, err
}

func (l *listed) leaveOut(trade string) {
	l.result.LeftOut++
	l.result.Which = append(l.result.Which, trade)
}

// Want asks for the comparison and for the legs of the trades.
func (l *listed) Want(s *Listing) {
	s.lists = append(s.lists, l)
	for _, task := range l.tasks {
		task.Want(s.Batch)
	}
}

// Decide registers what is not here. A trade that cannot be registered now is left out: the next comparison finds it again.
func (l *listed) Decide(s *Listing, now time.Time, e event.Event) ([]event.Event, error) {
	if !l.run.Known || l.run.Finished {
		return nil, nil
	}
	origins := map[string]string{}
	for _, t := range l.list.Trades {
		origins[t.TradeID] = cmp.Or(strings.ToLower(t.Provider), contract.API)
		if t.Booked {
			s.bookings.Add(store.Version{TradeID: t.TradeID, Number: t.Version}, store.Booking{}) // any word of the mainframe's is later
		}
	}
	for _, task := range l.tasks {
		id, before := task.trade.Registered.TradeID, len(s.registered)
		own := e
		own.Origin = origins[id]
		if _, err := task.Decide(s.Batch, now, own); err != nil {
			l.leaveOut(id)
		} else if len(s.registered) > before {
			l.result.Added++
			l.result.Which = append(l.result.Which, id)
		}
	}
	l.done = true
	if l.list.Last {
		return nil, nil
	}
	end := l.list.Trades[len(l.list.Trades)-1]
	return askTrades(e, l.story, messages.TradesRequested{AfterTrade: end.TradeID, AfterVersion: end.Version, Before: l.list.Before})
}
