package steps

import (
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// fact is what another program tells of a registered trade. Facts come in any order, late and more than once.
type fact struct {
	about trade.Ref
	note  func(life *trade.Life) (changed bool, err error) // leaves the life as it was where it fails
}

// Want asks for the life of the trade.
func (f fact) Want(s *Batch) { s.wanted.lives = append(s.wanted.lives, f.about) }

// Decide notes the fact. It emits nothing. A fact about a trade that is not registered here is tried again, for a while:
// after that somebody must look.
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
