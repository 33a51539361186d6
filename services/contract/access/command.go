package access

import (
	"encoding/json"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// CommandLasts is for how long a request for a command is good, by real time.
const CommandLasts = time.Minute

// Command is the data of command.requested: the command that auth is to give in the name of the person whose token is sealed in it.
type Command struct {
	Type   string `json:"type"`   // of the command: failover.commanded
	Data   string `json:"data"`   // the command's data as JSON. auth writes into it who commands
	User   string `json:"user"`   // as the interface knows the person: for people who read the message. auth believes the token alone
	Sealed []byte `json:"sealed"` // a Ticket
}

// Ticket is what only the interface knows to which the person came. It travels sealed for auth.
type Ticket struct {
	Token string    `json:"token"`
	Until time.Time `json:"until"` // real time
}

// CommandRefused is the data of command.refused.
type CommandRefused struct {
	Type string `json:"type"`
	User string `json:"user"` // of the token; empty: the token does not count
	Code string `json:"code"`
	Text string `json:"text"`
}

// Ask returns the request that auth give a command in the name of a token's owner, and the id that the command will have. The token is sealed
// with all that the command says, so whoever copies it cannot use it for another command, or for the same one again.
func (k PublicKey) Ask(command event.Event, user, token string, now time.Time) (request event.Event, id string, err error) {
	c := Command{Type: command.Type.Name, Data: string(command.Data), User: user}
	if command.Deadline.IsZero() {
		command.Deadline = now.Add(CommandLasts)
	}
	request, err = event.New(contract.CommandRequested, command.ID, command.Origin, command.Correlation, json.RawMessage("{}"))
	if err != nil {
		return request, "", err
	}
	request.Time, request.Deadline, request.Source = command.Time, command.Deadline.UTC().Truncate(time.Microsecond), command.Source
	if c.Sealed, err = k.Seal(c.binding(request), Ticket{token, now.Add(CommandLasts).UTC()}); err != nil {
		return request, "", err
	}
	if request.Data, err = event.Encode(c); err != nil {
		return request, "", fmt.Errorf("encode a request for a command: %w", err)
	}
	return request, event.ChildID(request.ID, command.Type.Name), nil
}

// OpenTicket returns the ticket in a request. It returns an error unless it was sealed for one of these keys and for this request.
func (k Keys) OpenTicket(request event.Event, c Command) (t Ticket, err error) {
	err = k.Open(c.Sealed, c.binding(request), &t)
	return t, err
}

// OpenTicket is that of one key.
func (k PrivateKey) OpenTicket(request event.Event, c Command) (Ticket, error) {
	return Keys{k}.OpenTicket(request, c)
}

func (c Command) binding(request event.Event) string {
	return contract.Digest(contract.CommandRequested.Name, request.ID, request.Origin, request.Correlation,
		request.Deadline.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano), c.Type, c.Data, c.User)
}
