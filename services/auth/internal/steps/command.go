package steps

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
)

// command is the step of command.requested: auth gives the command in the name of the token's owner, or refuses it. What auth gives is signed
// with auth's key, so whoever carries it out needs to believe nobody else.
type command struct {
	asked  access.Command
	ticket access.Ticket
	typ    event.Type
}

func readCommandRequest(s *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
	asked, typ, err := messages.ReadCommandRequest(e)
	if err != nil {
		return nil, err
	}
	ticket, err := s.issuing.Keys.Now().OpenTicket(e, asked)
	if err != nil {
		return nil, fmt.Errorf("open the ticket of a command: %w", err)
	}
	return command{asked, ticket, typ}, nil
}

func (c command) hash() string { return access.HashOf(c.ticket.Token) }

// Want asks for the token.
func (c command) Want(s *Tokens) { s.hashes = append(s.hashes, c.hash()) }

// Decide gives the command or refuses it.
func (c command) Decide(s *Tokens, now time.Time, e event.Event) ([]event.Event, error) {
	user, code, text := c.judge(s, now)
	if code != "" {
		return contract.One(e.Next(contract.CommandRefused, access.CommandRefused{Type: c.asked.Type, User: user, Code: string(code), Text: text}))
	}
	data, err := signedBy(user, c.asked.Data)
	if err != nil {
		return nil, err
	}
	return contract.One(e.Next(c.typ, data))
}

// judge returns who commands, and why the command is refused; no code: it is not.
func (c command) judge(s *Tokens, now time.Time) (user string, code reason.Code, text string) {
	token, known := s.tokens[c.hash()]
	switch {
	case !known:
		return "", reason.TokenUnknown, "auth has not issued the token"
	case token.RevokedAt != nil:
		return token.User, reason.TokenRevoked, "the token was revoked"
	case !now.Before(token.ExpiresAt):
		return token.User, reason.TokenExpired, "the token has expired"
	case !now.Before(c.ticket.Until):
		return token.User, reason.Expired, "the request for the command was good until " + c.ticket.Until.Format(time.RFC3339)
	}
	for _, action := range needed(c.typ, c.asked.Data) {
		if !c.may(s, token, action, now) {
			return token.User, reason.NoRight, fmt.Sprintf("user %s has no right to %s", token.User, action)
		}
	}
	return token.User, "", ""
}

// may reports whether both the token and the user, by the mainframe's data of this moment, have the right.
func (c command) may(s *Tokens, token *store.Token, action rights.Action, now time.Time) bool {
	user, known := s.directory.Users.Records[token.User]
	return known && s.directory.Users.Usable(now) && slices.Contains(token.Scope, string(action)) && user.Holder(token.Client).Reach(action) == rights.All
}

// endOfDay is the job that needs a right of its own, besides that to command jobs.
const endOfDay = "end the business day"

// needed returns the rights that a command needs.
func needed(typ event.Type, data string) []rights.Action {
	switch typ {
	case contract.FailoverCommanded:
		return []rights.Action{rights.CommandOperations}
	case contract.SettlementCommanded:
		return []rights.Action{rights.CommandSettlement}
	case contract.TradeCommanded:
		return []rights.Action{rights.CorrectTrade}
	}
	var job struct{ Job string }
	if json.Unmarshal([]byte(data), &job) == nil && job.Job == endOfDay {
		return []rights.Action{rights.EndDay, rights.CommandJob}
	}
	return []rights.Action{rights.CommandJob}
}

// signedBy returns a command's data with who commands, whatever it said before.
func signedBy(user, data string) (json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(data), &members); err != nil {
		return nil, fmt.Errorf("read the data of a command: %w", err)
	}
	by, err := json.Marshal(user)
	if err != nil {
		return nil, err
	}
	members["by"] = by
	return json.Marshal(members)
}
