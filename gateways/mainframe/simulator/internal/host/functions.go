package host

import (
	"errors"
	"time"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/internal/catalogue"
)

// Bounds of one page.
const (
	maxPageRecords = 1000
	maxPageBytes   = wire.MaxFrame - 4096
)

// handle does what a request asks and calls done once with the answer, now or later, from any goroutine.
func (h *Host) handle(frame wire.Frame, done func(wire.Frame)) {
	switch {
	case frame.Kind != wire.Request:
		done(answer(frame, wire.NotUnderstood, "NOTAREQ"))
	case frame.Function == wire.Ping:
		done(h.ping(frame))
	case frame.Function == wire.List:
		done(h.list(frame))
	case frame.Function == wire.Book:
		h.book(frame, done)
	default:
		done(answer(frame, wire.NotUnderstood, "FUNCTION"))
	}
}

func (h *Host) ping(frame wire.Frame) wire.Frame {
	return with(answer(frame, wire.Done, ""), h.layouts.Pong, records.Pong{HostTime: now()})
}

func (h *Host) list(frame wire.Frame) wire.Frame {
	ask, err := h.listRequest(frame)
	if err != nil {
		h.log.Warn("list not understood", "error", err)
		return answer(frame, wire.NotUnderstood, "BADREC")
	}
	l, err := h.catalogue.List(ask.Set, now())
	switch {
	case errors.Is(err, catalogue.ErrUnknownSet):
		return answer(frame, wire.NotUnderstood, "NOSET")
	case err != nil:
		h.log.Error("set cannot be listed", "set", ask.Set, "error", err)
		return answer(frame, wire.NotUnderstood, "LISTFAIL")
	}
	head := records.ListAnswer{Set: ask.Set, Version: l.Version, AsOf: l.AsOf, Total: len(l.Records)}
	if ask.Known == l.Version {
		return with(answer(frame, wire.Nothing, ""), h.layouts.ListAnswer, head)
	}
	return page(with(answer(frame, wire.Done, ""), h.layouts.ListAnswer, head), l, ask)
}

func (h *Host) listRequest(frame wire.Frame) (records.ListRequest, error) {
	all, err := h.layouts.Split(frame.Body, frame.Count)
	if err != nil {
		return records.ListRequest{}, err
	}
	if len(all) != 1 {
		return records.ListRequest{}, errors.New("a list request is one record")
	}
	return h.layouts.ListRequest.Decode(all[0])
}

// page adds the records that were asked for, as many as a page may have.
func page(f wire.Frame, l catalogue.Listing, ask records.ListRequest) wire.Frame {
	first := min(ask.First, len(l.Records))
	for _, r := range l.Records[first:min(first+min(ask.Max, maxPageRecords), len(l.Records))] {
		if len(f.Body)+len(r) > maxPageBytes {
			break
		}
		f.Body = append(f.Body, r...)
		f.Count++
	}
	return f
}

// with adds a record to an answer; one that cannot be written makes it an error of the host's.
func with[T any](f wire.Frame, kind records.Kind[T], record T) wire.Frame {
	body, err := kind.Append(f.Body, record)
	if err != nil {
		return answer(f, wire.HostError, "BADREC")
	}
	f.Body = body
	f.Count++
	return f
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
