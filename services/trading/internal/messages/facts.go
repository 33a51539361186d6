package messages

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
)

// Rejected is the view of trade.rejected, whoever rejected.
type Rejected struct {
	Request  Request   `json:"request"`
	Rejected Rejection `json:"rejected"`
}

// Fact is the view of trade.assigned, trade.booked and trade.refused: the trade, and what the type tells of it.
type Fact struct {
	TradeID          string    `json:"trade_id"`
	Version          int       `json:"version"` // 1 where the message names none
	Desk             string    `json:"desk"`
	Trader           string    `json:"trader"`
	BookingReference string    `json:"booking_reference"`
	BookedAt         time.Time `json:"booked_at"`
	Code             string    `json:"code"`
	Text             string    `json:"text"`
}

// ReadRejected decodes e. An error means that e can never be handled.
func ReadRejected(e event.Event) (Rejected, error) {
	var view Rejected
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Rejected.Code == "" || e.Time.IsZero() {
		return view, fmt.Errorf("read %s %s: no code or no time", e.Type, e.ID)
	}
	return view, identified(e, view.Request.TradeID)
}

// ReadFact decodes e. An error means that e can never be handled.
func ReadFact(e event.Event) (Fact, error) {
	view := Fact{Version: 1}
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if err := view.complete(e); err != nil {
		return view, fmt.Errorf("read %s %s: %w", e.Type, e.ID, err)
	}
	return view, identified(e, view.TradeID)
}

// complete reports what the fact lacks. The time of an assignment or a refusal is that of its event.
func (f Fact) complete(e event.Event) error {
	switch t := e.Type; {
	case e.Time.IsZero():
		return errors.New("no time")
	case t == TradeAssigned && f.Desk == "":
		return errors.New("no desk")
	case t == TradeBooked && (f.BookingReference == "" || f.BookedAt.IsZero()):
		return errors.New("no booking reference or time")
	case t == TradeRefused && f.Code == "":
		return errors.New("no code")
	case f.Version < 1:
		return fmt.Errorf("version %d", f.Version)
	}
	return nil
}
