package statement

import (
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
)

// read decodes an answer to a request: the head, then each movement with its lines.
func (f *Fetcher) read(day time.Time, asked messages.StatementRequested, answer wire.Frame) (messages.StatementDelivered, error) {
	got := messages.StatementDelivered{Day: asked.Day, First: asked.First, Movements: []messages.StatementMovement{}}
	all, err := f.layouts.Split(answer.Body, answer.Count)
	if err != nil {
		return got, err
	}
	if len(all) == 0 {
		return got, errors.New("a statement without its first record")
	}
	head, err := f.layouts.StatementAnswer.Decode(all[0])
	if err != nil {
		return got, err
	}
	if !head.Day.Equal(day) || head.AsOf.IsZero() {
		return got, fmt.Errorf("statement of %s asked, of %s answered", asked.Day, head.Day.Format(time.DateOnly))
	}
	got.Total, got.Complete, got.AsOf = head.Total, head.Complete, head.AsOf
	for rest := all[1:]; len(rest) > 0; {
		var m messages.StatementMovement
		if m, rest, err = f.movement(rest); err != nil {
			return got, err
		}
		got.Movements = append(got.Movements, m)
	}
	got.Next = got.First + len(got.Movements)
	return got, inBounds(got, asked.Most)
}

// inBounds returns an error if there are more movements than were asked for or than the total says, or none although the total
// says that there are.
func inBounds(got messages.StatementDelivered, most int) error {
	switch n := len(got.Movements); {
	case n > most || n > 0 && got.Next > got.Total:
		return fmt.Errorf("statement of %s: %d movements from %d of %d, %d asked", got.Day, n, got.First, got.Total, most)
	case n == 0 && got.First < got.Total:
		return fmt.Errorf("statement of %s: no movements from %d of %d", got.Day, got.First, got.Total)
	}
	return nil
}

// movement decodes the first movement and its lines, and returns the records after them.
func (f *Fetcher) movement(all []records.Record) (messages.StatementMovement, []records.Record, error) {
	r, err := f.layouts.StatementMovement.Decode(all[0])
	if err != nil {
		return messages.StatementMovement{}, nil, err
	}
	if r.ID == "" || r.Reference == "" || r.MovedAt.IsZero() || r.Lines < 1 || r.Lines >= len(all) {
		return messages.StatementMovement{}, nil, fmt.Errorf("movement %q in a statement: reference %q, %d lines", r.ID, r.Reference, r.Lines)
	}
	m := messages.StatementMovement{
		MovementID: r.ID, Reference: r.Reference, MovedAt: r.MovedAt, ValueDate: r.ValueDate.Format(time.DateOnly), Client: r.Client,
	}
	for _, line := range all[1 : 1+r.Lines] {
		l, err := f.layouts.MovementLine.Decode(line)
		if err != nil {
			return m, nil, err
		}
		m.Lines = append(m.Lines, messages.MovementLine(l))
	}
	return m, all[1+r.Lines:], nil
}
