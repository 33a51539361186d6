package host

import (
	"errors"
	"time"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/internal/accounts"
)

// statement answers with a page of what was moved on a day: as many movements as were asked for, and as a frame holds.
func (h *Host) statement(frame wire.Frame) wire.Frame {
	ask, err := only(h.layouts, h.layouts.StatementRequest, frame)
	if err == nil && ask.Day.IsZero() {
		err = errors.New("a statement of no day")
	}
	if err != nil {
		h.log.Warn("statement not understood", "error", err)
		return answer(frame, wire.NotUnderstood, "BADREC")
	}
	s, err := h.accounts.Statement(ask.Day, ask.First, min(ask.Max, maxPageRecords))
	if err != nil {
		h.log.Error("statement cannot be made", "error", err)
		return answer(frame, wire.HostError, "ACCOUNTS")
	}
	out := with(answer(frame, wire.Done, ""), h.layouts.StatementAnswer, records.StatementAnswer{
		Day: ask.Day, AsOf: s.AsOf, Total: s.Total, Complete: s.Complete,
	})
	for _, e := range s.Entries {
		next := h.withMovement(out, e)
		if len(next.Body) > maxPageBytes && out.Count > 1 {
			break
		}
		out = next
	}
	return out
}

// withMovement adds a movement and its lines.
func (h *Host) withMovement(f wire.Frame, e accounts.Entry) wire.Frame {
	date, err := time.Parse(time.DateOnly, e.ValueDate)
	if err != nil {
		return answer(f, wire.HostError, "ACCOUNTS")
	}
	f = with(f, h.layouts.StatementMovement, records.StatementMovement{
		ID: e.MovementID, Reference: e.Reference, MovedAt: e.At, ValueDate: date, Client: e.Client, Lines: len(e.Lines),
	})
	for _, l := range e.Lines {
		f = with(f, h.layouts.MovementLine, records.MovementLine(l))
	}
	return f
}
