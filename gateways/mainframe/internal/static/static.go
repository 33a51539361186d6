// Package static fetches data sets from the mainframe and delivers them in pages, translated from the mainframe's
// records to the JSON that services read.
package static

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Bounds of one delivered page.
const (
	maxPageBytes   = 96 << 10
	maxPageRecords = 500
)

// Deliverer answers requests for sets. It has no state.
type Deliverer struct {
	lister lister
	now    func() time.Time
	log    *slog.Logger
}

// New returns a deliverer that asks the host.
func New(host Exchanger, layouts *records.Layouts, now func() time.Time, log *slog.Logger) *Deliverer {
	return &Deliverer{lister: lister{host, layouts}, now: now, log: log}
}

// Handle delivers each set that is asked for. While the mainframe is away a request is dropped, as is one whose deadline
// has passed: the asker asks again by its clock, and an answer to an old question is no use to it.
func (d *Deliverer) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i] = d.deliver(ctx, e)
	}
	return results
}

func (d *Deliverer) deliver(ctx context.Context, e event.Event) amqp.Result {
	asked, err := messages.ReadRequested(e)
	if err != nil {
		return amqp.Result{Err: err}
	}
	if e.Expired(d.now()) {
		return amqp.Result{}
	}
	got, err := d.lister.fetch(ctx, asked.Set, asked.KnownVersion)
	switch {
	case errors.Is(err, errUnknownSet):
		return amqp.Result{Err: err}
	case err != nil:
		d.log.Debug("set not fetched, it will be asked for again", "set", asked.Set, "error", err)
		return amqp.Result{}
	}
	pages, err := paginate(asked.Set, got)
	if err != nil {
		return amqp.Result{Err: err}
	}
	return emit(e, pages)
}

// emit makes one event of each page. Its id has the version in it: a request that comes again may find another one.
func emit(e event.Event, pages []messages.Delivered) amqp.Result {
	var result amqp.Result
	for _, p := range pages {
		next, err := e.Next(contract.StaticDelivered, p, strconv.FormatInt(p.Version, 10), strconv.Itoa(p.Page))
		if err != nil {
			return amqp.Result{Err: err}
		}
		result.Emit = append(result.Emit, next)
	}
	return result
}

// paginate cuts a set into pages, the same for the same set: by id, in bounded records and bytes. A set that has not
// changed is one page of none.
func paginate(name string, got listing) ([]messages.Delivered, error) {
	head := messages.Delivered{Set: name, Version: got.version, AsOf: got.asOf}
	if got.records == nil {
		return []messages.Delivered{head}, nil
	}
	pages := []messages.Delivered{blank(head)}
	size := 0
	for _, id := range slices.Sorted(maps.Keys(got.records)) {
		text, err := json.Marshal(got.records[id])
		if err != nil {
			return nil, fmt.Errorf("encode %s %s: %w", name, id, err)
		}
		last := &pages[len(pages)-1]
		if n := len(last.Records); n == maxPageRecords || n > 0 && size+len(text) > maxPageBytes {
			pages = append(pages, blank(head))
			last, size = &pages[len(pages)-1], 0
		}
		last.Records[id] = text
		size += len(text)
	}
	for i := range pages {
		pages[i].Page, pages[i].Pages = i+1, len(pages)
	}
	return pages, nil
}

func blank(head messages.Delivered) messages.Delivered {
	head.Records = make(map[string]json.RawMessage)
	return head
}
