// Package steps handles the messages of trading's queues: one file for each step. The topology follows from the tables
// of steps.
package steps

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/market"
	"fxcore/services/trading/internal/action"
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
	dealt  store.Dealt // on quotes, including what this batch deals
	agreed store.Agreed
	acts   store.Actions // those that commands name, and what else is proposed on their trades, including what this batch proposes
	rates  store.Rates   // recorded rates of the times at which reported trades were done

	registered []trade.Trade
	changed    map[trade.Ref]bool // versions whose life this batch has changed
	decided    map[string]bool    // ids of actions that are new, or decided, in this batch
	rejections []store.Rejection
	uses       []store.QuoteUse
	freed      []string // ids of uses of quotes that came to nothing
}

// wanted lists what the steps need from the database.
type wanted struct {
	known  []string    // ids of trades that may be registered
	lives  []trade.Ref // versions whose life is needed
	quotes []string    // ids of quotes on which somebody deals
	rates  []time.Time // instants whose rates are needed
	agreed []trade.Ref // versions whose terms are needed
	acts   []string    // ids of actions
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

// Facts returns the steps of the queue of facts. They need no inbox rows: a life knows its booking, and since when its trader and its refusal
// hold; a rejection is there once by the id of its event.
func Facts() inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{Table: facts(), Begin: begin, Idempotent: true}
}

// Settled returns the steps of the queue of settled legs.
func Settled() inbox.Steps[*Batch] { return inbox.Steps[*Batch]{Table: settledLegs(), Begin: begin} }

// Actions returns the steps of the queue of commands about registered trades. They decide on the windows of payment of the market that is current when
// the batch begins.
func Actions(static Static) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{Table: actions(), Begin: func() *Batch {
		s := begin()
		s.market, s.noMarket = static.Market()
		return s
	}}
}

// Possible returns the steps of the queue of questions what may be done with trades.
func Possible(static Static) inbox.Steps[*Batch] {
	s := Actions(static)
	s.Table = questions()
	return s
}

func begin() *Batch {
	return &Batch{
		known: store.Known{}, lives: store.Lives{}, dealt: store.Dealt{}, acts: store.Actions{}, changed: map[trade.Ref]bool{}, decided: map[string]bool{},
	}
}

// Load queues the queries for registered trades and for recorded rates, and those that load and lock the lives that facts
// are about and the quotes that are dealt on.
func (s *Batch) Load(b *pgx.Batch) {
	s.known = store.QueueKnown(b, s.wanted.known)
	s.lives = store.QueueLives(b, s.wanted.lives)
	s.rates = store.QueueRates(b, s.wanted.rates)
	s.dealt = store.QueueDealt(b, s.wanted.quotes)
	s.agreed = store.QueueTerms(b, s.wanted.agreed)
	s.acts = store.QueueActions(b, s.wanted.acts, idsOf(s.wanted.agreed))
}

// Assume treats every trade as not yet registered. If that is wrong, Store fails and the batch is handled again with
// Load. Assume returns false for a batch of facts, of late reports or of deals on quotes, because a life, past rates or what is
// left of a quote must be loaded.
func (s *Batch) Assume() bool {
	return len(s.wanted.lives) == 0 && len(s.wanted.rates) == 0 && len(s.wanted.quotes) == 0
}

// Store queues the writes of the new trades, the changed lives and the rejections.
func (s *Batch) Store(b *pgx.Batch) {
	store.QueueRegister(b, s.registered)
	s.lives.QueueSave(b, s.changed)
	store.QueueReject(b, s.rejections)
	store.QueueUses(b, s.uses)
	store.QueueFree(b, s.freed)
	for _, id := range s.inOrder() {
		store.QueueSaveAction(b, *s.acts[id])
	}
}

// inOrder returns the ids of the actions to write: those that have ended first, because only one may be open on a version.
func (s *Batch) inOrder() []string {
	return slices.SortedFunc(maps.Keys(s.decided), func(a, b string) int {
		if open := s.acts[a].State == action.Proposed; open != (s.acts[b].State == action.Proposed) {
			if open {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
}

func idsOf(refs []trade.Ref) []string {
	ids := make([]string, len(refs))
	for i, ref := range refs {
		ids[i] = ref.ID
	}
	return ids
}
