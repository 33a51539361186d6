package host

import (
	"errors"
	"fmt"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/internal/accounts"
)

// move makes a movement, once for each id.
func (h *Host) move(frame wire.Frame, done func(wire.Frame)) {
	m, err := h.movement(frame)
	if err != nil {
		h.log.Warn("movement not understood", "error", err)
		done(answer(frame, wire.NotUnderstood, "BADREC"))
		return
	}
	if !h.rules.clients[m.Client] {
		done(h.refusal(frame, m.ID, "NOCLIENT", fmt.Sprintf("client %s has no books here", m.Client)))
		return
	}
	h.accounts.Submit(m, func(o accounts.Outcome, err error) { done(h.moved(frame, m.ID, o, err)) })
}

func (h *Host) moved(frame wire.Frame, id string, o accounts.Outcome, err error) wire.Frame {
	code := wire.Done
	switch {
	case errors.Is(err, accounts.ErrConflict):
		return h.refusal(frame, id, "CONFLICT", "movement "+id+" was handed in with other content")
	case err != nil:
		return answer(frame, wire.HostError, "ACCOUNTS")
	case o.Code != "":
		return h.refusal(frame, id, o.Code, o.Text)
	case o.Again:
		code = wire.Nothing
	}
	return with(answer(frame, code, ""), h.layouts.Moved, records.Moved{ID: id, Reference: o.Reference, MovedAt: o.MovedAt})
}

// movement reads a movement and its lines.
func (h *Host) movement(frame wire.Frame) (accounts.Movement, error) {
	all, err := h.layouts.Split(frame.Body, frame.Count)
	if err != nil {
		return accounts.Movement{}, err
	}
	if len(all) == 0 {
		return accounts.Movement{}, errors.New("a movement without records")
	}
	r, err := h.layouts.Movement.Decode(all[0])
	if err != nil {
		return accounts.Movement{}, err
	}
	if r.ID == "" || r.Attempt < 1 || r.ValueDate.IsZero() || r.Lines < 1 || r.Lines != len(all)-1 {
		return accounts.Movement{}, fmt.Errorf("movement %q: attempt %d, %d lines, %d records", r.ID, r.Attempt, r.Lines, len(all)-1)
	}
	m := accounts.Movement{ID: r.ID, Attempt: r.Attempt, ValueDate: r.ValueDate, Client: r.Client, NotAfter: r.NotAfter}
	for _, record := range all[1:] {
		l, err := h.layouts.MovementLine.Decode(record)
		if err == nil && (!l.Amount.IsPositive() || l.From == l.To) {
			err = fmt.Errorf("movement %q: %s %s from %q to %q", r.ID, l.Amount, l.Currency, l.From, l.To)
		}
		if err != nil {
			return accounts.Movement{}, err
		}
		m.Lines = append(m.Lines, accounts.Line(l))
	}
	return m, nil
}
