package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// settled is the step of settlement.settled: a leg of the trade is settled. With the last one the trade is executed.
type settled struct{ told messages.Settled }

func readSettled(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadSettled(e)
	return settled{told}, err
}

// Want asks for the life of the trade.
func (t settled) Want(s *Batch) { s.wanted.lives = append(s.wanted.lives, refOf(t.told.TradeVersion)) }

// Decide records the leg and emits trade.executed, once. Errors: as for every fact, and trade.ErrNotAllowed.
func (t settled) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	executed, at := false, time.Time{}
	noted := fact{refOf(t.told.TradeVersion), func(life *trade.Life) (changed bool, err error) {
		changed, executed, err = life.Settle(t.told.Leg, t.told.SettledAt)
		at = life.ExecutedAt
		return changed, err
	}}
	if _, err := noted.Decide(s, now, e); err != nil || !executed {
		return nil, err
	}
	return contract.One(e.Next(contract.TradeExecuted, messages.Executed{TradeVersion: t.told.TradeVersion, ExecutedAt: at}))
}
