package messages

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// The actions of a command about a movement.
const (
	Retry        = "retry"
	SettleByHand = "settle_by_hand"
	Found        = "found" // the mainframe's book has the movement, with other content
)

// CommandLasts is how long a command may be on its way. The broker may get it after the caller was told that it is not safe, because the
// broker was away: whoever would carry it out later than this refuses it. A revocation of tokens has no such bound: a late one does no
// harm, and a lost one does.
const CommandLasts = 30 * time.Second

// SettlementCommanded is the data of settlement.commanded.
type SettlementCommanded struct {
	MovementID string `json:"movement_id"`
	Action     string `json:"action"`
	By         string `json:"by"`
	Reason     string `json:"reason"`
	Reference  string `json:"reference"` // of the payment that was made by hand; the mainframe's, of what was found
}

// Event returns the event. The same key of a person for the same action always gives the same event id, so a repeat is done once. The key
// of another command gives another id, also after the API has forgotten the key: settlement recognises ids for longer.
func (c SettlementCommanded) Event(key string, now time.Time) (event.Event, error) {
	id := event.NewID(event.DayOfID(c.MovementID), contract.SettlementCommanded.Name, c.By, key, c.MovementID, c.Action)
	e, err := event.New(contract.SettlementCommanded, id, contract.API, c.MovementID, c)
	e.Time, e.Deadline = now, now.Add(CommandLasts)
	return e, err
}

// The job that ends the business day, and the service that has it where days may be run ahead.
const (
	DayService = "settlement"
	DayJob     = "end the business day"
	StartJob   = "start"
)

// JobCommanded is the data of job.commanded.
type JobCommanded struct {
	Service string    `json:"service,omitempty"` // the service that has the job; empty: whoever has it
	Job     string    `json:"job"`
	Action  string    `json:"action"` // start or stop
	Due     time.Time `json:"due,omitzero"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
}

// Event returns the event. The same key of a person for the same action on the same job always gives the same event id within one day of
// the bank.
func (c JobCommanded) Event(key string, now time.Time) (event.Event, error) {
	id := event.NewID(event.DayOf(now), contract.JobCommanded.Name, c.By, key, c.Service, c.Job, c.Action)
	e, err := event.New(contract.JobCommanded, id, contract.API, c.Job, c)
	e.Time, e.Deadline = now, now.Add(CommandLasts)
	return e, err
}
