// Package steps handles the messages of trading's queues: one file for each step. The topology follows from the tables
// of steps.
package steps

import (
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/market"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// Static provides the current market. Error: market.ErrNoData while there is none.
type Static interface {
	Market() (*market.Market, error)
}

// Batch holds what the events of one batch share. Both queues use it.
type Batch struct {
	rules    rules.Rules
	log      *slog.Logger   // for what a person should hear of
	market   *market.Market // the same for the whole batch; nil in a batch of facts
	noMarket error

	wanted wanted
	known  store.Known // registered trades, including those of this batch
	lives  store.Lives
	rates  store.Rates // recorded rates of the times at which reported trades were done

	registered []trade.Trade
	changed    map[trade.Ref]bool // versions whose life this batch has changed
	rejections []store.Rejection
}

// wanted lists what the steps need from the database.
type wanted struct {
	known []string    // ids of trades that may be registered
	lives []trade.Ref // versions whose life is needed
	rates []time.Time // instants whose rates are needed
}

// Requests returns the steps of the queue of requests. A batch decides on the market that is current when it begins. A flagged
// trade is logged when it is registered; it is logged again if its batch has to be repeated.
func Requests(static Static, r rules.Rules, log *slog.Logger) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: requests(),
		Begin: func() *Batch {
			s := begin()
			s.rules, s.log = r, log
			s.market, s.noMarket = static.Market()
			return s
		},
	}
}

// Facts returns the steps of the queue of facts.
func Facts() inbox.Steps[*Batch] { return inbox.Steps[*Batch]{Table: facts(), Begin: begin} }

func begin() *Batch {
	return &Batch{known: store.Known{}, lives: store.Lives{}, changed: map[trade.Ref]bool{}}
}

// Load queues the queries for registered trades and for recorded rates, and the one that loads and locks the lives that facts
// are about.
func (s *Batch) Load(b *pgx.Batch) {
	s.known = store.QueueKnown(b, s.wanted.known)
	s.lives = store.QueueLives(b, s.wanted.lives)
	s.rates = store.QueueRates(b, s.wanted.rates)
}

// Assume treats every trade as not yet registered. If that is wrong, Store fails and the batch is handled again with
// Load. Assume returns false for a batch of facts or of late reports, because a life or past rates must be loaded.
func (s *Batch) Assume() bool { return len(s.wanted.lives) == 0 && len(s.wanted.rates) == 0 }

// Store queues the writes of the new trades, the changed lives and the rejections.
func (s *Batch) Store(b *pgx.Batch) {
	store.QueueRegister(b, s.registered)
	s.lives.QueueSave(b, s.changed)
	store.QueueReject(b, s.rejections)
}
