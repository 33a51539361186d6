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

	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/follow"
	"fxcore/lambda/mirror"
	"fxcore/services/contract"
)

// Bounds of one delivered page.
const (
	maxPageBytes   = 96 << 10
	maxPageRecords = 500
	maxRecordBytes = 1 << 20 // a record is never cut
)

// Deliverer answers requests for sets. It remembers only what was wrong with them.
type Deliverer struct {
	lister lister
	now    func() time.Time
	log    *slog.Logger
	watch  watch
	signer *follow.File[mirror.Signer]
}

// SignedBy lets the deliverer sign what it delivers. Call it before Handle.
func (d *Deliverer) SignedBy(signer *follow.File[mirror.Signer]) *Deliverer {
	d.signer = signer
	return d
}

// How far the host's clock may be ahead of ours.
const (
	UsualAhead = 10 * time.Minute
	AnyAhead   = 100 * 365 * 24 * time.Hour // where days of the bank are run ahead
)

// New returns a deliverer that asks the host. It refuses sets that are further ahead of now than ahead.
func New(host Exchanger, layouts *records.Layouts, now func() time.Time, ahead time.Duration, log *slog.Logger) *Deliverer {
	return &Deliverer{lister: lister{host, layouts, now, ahead}, now: now, log: log, watch: watch{log: log, known: map[string]condition{}}, signer: follow.Always(mirror.Signer{})}
}

// Whole is a health check: it names the sets that this replica delivered without rows that are bad, or could not deliver.
func (d *Deliverer) Whole(ctx context.Context) error { return d.watch.whole(ctx) }

// LeftOut counts the bad rows of all sets as this replica delivered them last.
func (d *Deliverer) LeftOut() int64 { return d.watch.leftOut() }

// Handle delivers each requested set. It drops a request while the mainframe is away, and one whose deadline has passed: datasync
// asks again at fixed intervals, and does not need the answer to an old request.
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
	if errors.Is(err, errUnknownSet) {
		return amqp.Result{Err: err}
	}
	texts := encode(&got)
	if err == nil && len(got.records) > 0 && len(texts) == 0 {
		err = fmt.Errorf("%w: %s", errRefused, got.damage.String())
	}
	d.judge(asked.Set, got, err)
	if err != nil {
		return amqp.Result{}
	}
	return emit(e, d.sign(paginate(asked.Set, got, texts), texts))
}

// sign signs each page: a page tells of the whole set.
func (d *Deliverer) sign(pages []messages.Delivered, texts map[string]json.RawMessage) []messages.Delivered {
	first := pages[0]
	signer := d.signer.Now() // one key for all pages
	held, content := signer.Held(first.Set, first.Version, first.AsOf), ""
	if first.Pages > 0 {
		records := make(map[string][]byte, len(texts))
		for id, text := range texts {
			records[id] = text
		}
		content = signer.Content(first.Set, first.Version, records)
	}
	for i := range pages {
		pages[i].HeldSignature, pages[i].ContentSignature = held, content
	}
	return pages
}

// judge remembers what is wrong with a set. That the mainframe is away is known by its link, and said there.
func (d *Deliverer) judge(set string, got listing, err error) {
	switch {
	case errors.Is(err, link.ErrAway), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		d.log.Debug("set not fetched, it will be asked for again", "set", set, "error", err)
	case err != nil:
		d.watch.bad(set, condition{got.version, got.damage.bad, fmt.Errorf("set %s: %w", set, err)})
	case got.damage.bad > 0:
		d.watch.bad(set, condition{got.version, got.damage.bad, fmt.Errorf("set %s: %s", set, got.damage.String())})
	default:
		d.watch.well(set, got.version, got.records == nil)
	}
}

// emit makes an event for each page. The set's version is part of the event's id, because a repeated request may find a newer
// version.
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

// encode returns the records as JSON. A record that cannot be encoded, or is too large, is left out and noted in the damage.
func encode(got *listing) map[string]json.RawMessage {
	texts := make(map[string]json.RawMessage, len(got.records))
	for id, record := range got.records {
		text, err := json.Marshal(record)
		if err == nil && len(text) > maxRecordBytes {
			err = fmt.Errorf("%d bytes, at most %d are delivered", len(text), maxRecordBytes)
		}
		if err != nil {
			got.damage.note(fmt.Errorf("record %q: %w", id, err))
			continue
		}
		texts[id] = text
	}
	return texts
}

// paginate cuts a set into pages, in the order of the ids, with bounds for records and bytes. The same set gives the same pages.
// A set that has not changed gives a single message with no pages.
func paginate(name string, got listing, texts map[string]json.RawMessage) []messages.Delivered {
	head := messages.Delivered{Set: name, Version: got.version, AsOf: got.asOf}
	if got.records == nil {
		return []messages.Delivered{head}
	}
	pages := []messages.Delivered{blank(head)}
	size := 0
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		text := texts[id]
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
	return pages
}

func blank(head messages.Delivered) messages.Delivered {
	head.Records = make(map[string]json.RawMessage)
	return head
}
