package messages

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// TradeVersion names the version of a trade that a fact is about.
type TradeVersion struct {
	TradeID string `json:"trade_id"`
	Version int    `json:"version"` // 1 if the message has no version
}

// Assigned holds the fields of trade.assigned that trading reads. The event's time is the time of the assignment.
type Assigned struct {
	TradeVersion
	Desk   string `json:"desk"`
	Trader string `json:"trader"`
}

// Booked holds the fields of trade.booked that trading reads.
type Booked struct {
	TradeVersion
	BookingReference string    `json:"booking_reference"`
	BookedAt         time.Time `json:"booked_at"`
}

// Refused holds the fields of trade.refused that trading reads. The event's time is the time of the refusal.
type Refused struct {
	TradeVersion
	Code string `json:"code"` // the mainframe's code
	Text string `json:"text"`
}

// Settled holds the fields of settlement.settled that trading reads.
type Settled struct {
	TradeVersion
	Leg       int       `json:"leg"` // 1 near, 2 far
	SettledAt time.Time `json:"settled_at"`
}

// Executed is the data of trade.executed.
type Executed struct {
	TradeVersion
	ExecutedAt time.Time `json:"executed_at"` // when the last leg was settled
}

// ReadSettled decodes e. An error means that e can never be handled.
func ReadSettled(e event.Event) (Settled, error) {
	var view Settled
	if err := view.read(e, &view); err != nil {
		return view, err
	}
	if view.Leg < 1 || view.SettledAt.IsZero() {
		return view, errors.New("no leg or time")
	}
	return view, nil
}

// ReadAssigned decodes e. An error means that e can never be handled.
func ReadAssigned(e event.Event) (Assigned, error) {
	var view Assigned
	if err := view.read(e, &view); err != nil {
		return view, err
	}
	if view.Desk == "" {
		return view, errors.New("no desk")
	}
	return view, nil
}

// ReadBooked decodes e. An error means that e can never be handled.
func ReadBooked(e event.Event) (Booked, error) {
	var view Booked
	if err := view.read(e, &view); err != nil {
		return view, err
	}
	if view.BookingReference == "" || view.BookedAt.IsZero() {
		return view, errors.New("no booking reference or time")
	}
	return view, nil
}

// ReadRefused decodes e. An error means that e can never be handled.
func ReadRefused(e event.Event) (Refused, error) {
	var view Refused
	if err := view.read(e, &view); err != nil {
		return view, err
	}
	if view.Code == "" {
		return view, errors.New("no code")
	}
	return view, nil
}

// read decodes e into view. v must be the TradeVersion inside view.
func (v *TradeVersion) read(e event.Event, view any) error {
	v.Version = 1
	if err := e.Read(view); err != nil {
		return err
	}
	switch {
	case e.Time.IsZero():
		return errors.New("no time")
	case v.Version < 1:
		return fmt.Errorf("version %d", v.Version)
	}
	return contract.CheckIsID("trade id", v.TradeID)
}
