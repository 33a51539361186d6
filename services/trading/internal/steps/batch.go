// Package steps is what trading does with the messages of its queues: one file for each step, and the topology that follows
// from the tables of steps.
package steps

import (
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/trading/internal/market"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// Static hands out the market as it is now. Error: market.ErrNoData while there is none.
type Static interface {
	Market() (*market.Market, error)
}

// Batch is what the events of one batch share, of whichever queue.
type Batch struct {
	rules    rules.Rules
	market   *market.Market // the same for the whole batch; nil in a batch of facts
	noMarket error

	wanted wanted
	known  store.Known // trades that are registered, those of this batch included
	lives  store.Lives

	registered []trade.Trade
	changed    map[trade.Ref]bool // whose life this batch has changed
	rejections []store.Rejection
}

// wanted is what the steps need to know from the database.
type wanted struct {
	known []string    // are these trades registered?
	lives []trade.Ref // how far have these come?
}

// Requests are the steps of the queue of that name. They decide by the rules, on the market as it is when a batch begins.
func Requests(static Static, r rules.Rules) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: requests(),
		Begin: func() *Batch {
			s := begin()
			s.rules = r
			s.market, s.noMarket = static.Market()
			return s
		},
	}
}

// Facts are the steps of the queue of that name.
func Facts() inbox.Steps[*Batch] { return inbox.Steps[*Batch]{Table: facts(), Begin: begin} }

func begin() *Batch {
	return &Batch{known: store.Known{}, lives: store.Lives{}, changed: map[trade.Ref]bool{}}
}

// Load asks which trades are registered, and locks the lives that facts are about.
func (s *Batch) Load(b *pgx.Batch) {
	s.known = store.QueueKnown(b, s.wanted.known)
	s.lives = store.QueueLives(b, s.wanted.lives)
}

// Assume takes no trade for registered; Store fails for one that is. It cannot assume what a life is like.
func (s *Batch) Assume() bool { return len(s.wanted.lives) == 0 }

// Store writes the trades that were registered, the lives that have changed, and the rejections.
func (s *Batch) Store(b *pgx.Batch) {
	store.QueueRegister(b, s.registered)
	s.lives.QueueSave(b, s.changed)
	store.QueueReject(b, s.rejections)
}
