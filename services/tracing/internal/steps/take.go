package steps

import (
	"context"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// restOffset is how far a chain without messages may lag behind the stream before its head is moved on, in messages.
const restOffset = 20_000

// take appends the events of these chains that the journal lacks.
func (w *Writer) take(ctx context.Context, chains []int, entries []amqp.Entry) error {
	today := event.DayOf(w.Clock())
	if len(w.heads) == 0 || w.turned(today) {
		if err := w.readHeads(ctx, chains); err != nil {
			return err
		}
	}
	events, offset := w.wanted(entries)
	fresh, repeated, err := w.fresh(ctx, events)
	if err != nil {
		return err
	}
	chunks, err := w.chunks(ctx, fresh, offset)
	if err != nil || len(chunks) == 0 {
		return err
	}
	if err := w.Store.Append(ctx, chunks); err != nil {
		return err
	}
	w.Appended.Add(len(fresh))
	w.Repeated.Add(repeated)
	for _, c := range chunks {
		w.heads[c.Head.Chain] = c.Next
	}
	return nil
}

// turned reports whether a chain is still in an earlier day.
func (w *Writer) turned(today event.Day) bool {
	for _, h := range w.heads {
		if h.Day < today {
			return true
		}
	}
	return false
}

// wanted returns the events that belong to this replica's chains and lie behind their heads, and the last offset.
func (w *Writer) wanted(entries []amqp.Entry) (events []event.Event, last int64) {
	for _, entry := range entries {
		last = int64(entry.Offset)
		if entry.Err != nil {
			w.Unreadable.Add(1) // the bus has logged it
		}
		for _, e := range entry.Events {
			if h, mine := w.heads[journal.ChainOf(e.Correlation)]; mine && last > h.Offset {
				events = append(events, e)
			}
		}
	}
	return events, last
}

// fresh leaves out events that the journal has, or that come twice.
func (w *Writer) fresh(ctx context.Context, events []event.Event) (fresh []event.Event, repeated int, err error) {
	places := make([]store.Place, len(events))
	for i, e := range events {
		places[i] = store.Place{Correlation: e.Correlation, ID: e.ID}
	}
	seen := map[store.Place]bool{}
	if len(places) > 0 {
		if seen, err = w.Store.Known(ctx, places); err != nil {
			return nil, 0, err
		}
	}
	for i, e := range events {
		if !seen[places[i]] {
			seen[places[i]] = true
			fresh = append(fresh, e)
		}
	}
	return fresh, len(events) - len(fresh), nil
}

// chunks makes what is to be appended to each chain. A chain without messages is moved on now and then, so that nobody has to
// read the stream anew from far back.
func (w *Writer) chunks(ctx context.Context, events []event.Event, offset int64) ([]store.Chunk, error) {
	records := map[int][]journal.Record{}
	for _, e := range events {
		r, err := w.keys.record(ctx, e)
		if err != nil {
			return nil, err
		}
		chain := journal.ChainOf(r.Correlation)
		records[chain] = append(records[chain], r)
	}
	var chunks []store.Chunk
	for chain, h := range w.heads {
		some := records[chain]
		if len(some) == 0 && offset-h.Offset < restOffset {
			continue
		}
		next := h.Append(some, offset)
		chunks = append(chunks, store.Chunk{Head: h, Next: next, Records: some})
	}
	return chunks, nil
}
