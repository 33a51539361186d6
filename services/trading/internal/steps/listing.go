package steps

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/store"
)

// Listings holds what the requests of one batch ask for. It changes nothing.
type Listings struct{ wanted []*list }

// Lists returns the steps of the queue of requests for lists of trades.
func Lists() inbox.Steps[*Listings] {
	return inbox.Steps[*Listings]{Table: listings(), Begin: func() *Listings { return &Listings{} }}
}

// Load queues a query for each request.
func (s *Listings) Load(b *pgx.Batch) {
	for _, l := range s.wanted {
		l.found = store.QueueListing(b, l.asked)
	}
}

// Store stores nothing.
func (s *Listings) Store(*pgx.Batch) {}

// list is the step of trades.requested.
type list struct {
	asked messages.TradesRequested
	found *[]messages.ListedTrade
}

func readTradesRequested(_ *Listings, e event.Event) (inbox.Task[*Listings], error) {
	asked, err := messages.ReadTradesRequested(e)
	return &list{asked: asked}, err
}

// Want asks for the trades.
func (l *list) Want(s *Listings) { s.wanted = append(s.wanted, l) }

// Decide answers with the trades.
func (l *list) Decide(_ *Listings, _ time.Time, e event.Event) ([]event.Event, error) {
	all := *l.found
	return contract.One(e.Next(contract.TradesListed, messages.TradesListed{
		Trades: all[:min(len(all), messages.MaxListed)], Before: l.asked.Before, Last: len(all) <= messages.MaxListed,
	}))
}
