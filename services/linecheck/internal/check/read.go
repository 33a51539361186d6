package check

import (
	"fmt"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// read makes a task of a message.
func (s *Batch) read(e event.Event) (task, error) {
	switch e.Type {
	case messages.TradeValidated:
		return s.readValidated(e)
	case messages.TradeRegistered:
		return s.readRegistered(e)
	case messages.TradeRejected:
		return readRejected(e)
	case messages.LineCheckAuthorized:
		return s.readCheck(e)
	}
	return nil, fmt.Errorf("read %s %s: linecheck does not know the type", e.Type, e.ID)
}

func (s *Batch) readValidated(e event.Event) (task, error) {
	t, err := readTrade(e)
	if err != nil {
		return nil, err
	}
	deal, err := t.Deal()
	if err != nil {
		return nil, err
	}
	path, err := s.path(t.Request.Client, t.Authorized)
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", e.Type, e.ID, err)
	}
	p := s.propose(deal, path)
	p.id, p.kind, p.provider = t.Request.TradeID, line.ForTrade, t.Request.Provider
	p.wanted = e.Deadline
	return reserveTrade{p}, nil
}

func (s *Batch) readRegistered(e event.Event) (task, error) {
	t, err := readTrade(e)
	if err != nil {
		return nil, err
	}
	path, err := s.path(t.Request.Client, t.Authorized)
	return registerTrade{t, path}, err
}

// readRejected finds out whether a reservation ends with this rejection: only where the message carries one. A rejection
// without it came before the line check, or refuses a second request under the reference of a trade that is on its way.
func readRejected(e event.Event) (task, error) {
	t, err := readTrade(e)
	if err != nil {
		return nil, err
	}
	if t.Reserved == nil {
		return nothing{}, nil
	}
	return releaseTrade{t.Request.TradeID}, nil
}

func (s *Batch) readCheck(e event.Event) (task, error) {
	var c messages.Check
	if err := e.Read(&c); err != nil {
		return nil, err
	}
	r := c.Request
	if !store.IsID(r.CheckID) {
		return nil, fmt.Errorf("read %s %s: check id %q is not a UUID", e.Type, e.ID, r.CheckID)
	}
	switch r.Action {
	case messages.Reserve:
		path, err := s.path(r.Client, c.Authorized)
		if err != nil {
			return nil, fmt.Errorf("read %s %s: %w", e.Type, e.ID, err)
		}
		return s.proposeCheck(r, path)
	case messages.Consume:
		return resolveCheck{r, line.Consume, messages.Consumed}, nil
	case messages.Cancel:
		return resolveCheck{r, line.Cancel, messages.Cancelled}, nil
	}
	return nil, fmt.Errorf("read %s %s: action %q", e.Type, e.ID, r.Action)
}

func readTrade(e event.Event) (messages.Trade, error) {
	var t messages.Trade
	if err := e.Read(&t); err != nil {
		return t, err
	}
	if !store.IsID(t.Request.TradeID) {
		return t, fmt.Errorf("read %s %s: trade id %q is not a UUID", e.Type, e.ID, t.Request.TradeID)
	}
	return t, nil
}

// path is where the client stands: as authorisation found it, so that one trade is one client's everywhere, else as
// static data has it.
func (s *Batch) path(client string, terms messages.Terms) (line.Path, error) {
	p := line.Path{Group: terms.ClientGroup, Desk: terms.Desk, Client: client}
	if p.Client == "" {
		return p, fmt.Errorf("no client")
	}
	if s.static != nil && p.Group == "" && p.Desk == "" {
		c := s.static.Clients[client]
		p.Group, p.Desk = c.Group, c.Desk
	}
	return p, nil
}
