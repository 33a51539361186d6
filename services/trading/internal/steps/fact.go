package steps

import (
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// fact is news from another program about a registered trade. Facts may come in any order, late and more than once.
type fact struct {
	about trade.Ref
	note  func(life *trade.Life) (changed bool, err error) // must leave the life unchanged if it returns an error
}

// Want asks for the life of the trade.
func (f fact) Want(s *Batch) { s.wanted.lives = append(s.wanted.lives, f.about) }

// Decide changes the life of the trade and emits nothing. If the trade is not registered, Decide returns a retry error.
// After a bounded number of retries the event goes to the error queue, where a person must look at it.
func (f fact) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	life, ok := s.lives[f.about]
	if !ok {
		return nil, amqp.Retry(fmt.Errorf("trade %s, version %d, is not registered", f.about.ID, f.about.Version))
	}
	changed, err := f.note(life)
	if changed {
		s.changed[f.about] = true
	}
	return nil, err
}

func refOf(v messages.TradeVersion) trade.Ref { return trade.Ref{ID: v.TradeID, Version: v.Version} }
