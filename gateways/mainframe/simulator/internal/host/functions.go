package host

import (
	"errors"
	"fmt"

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
	case frame.Function == wire.Move:
		h.move(frame, done)
	case frame.Function == wire.Stmt:
		done(h.statement(frame))
	default:
		done(answer(frame, wire.NotUnderstood, "FUNCTION"))
	}
}

func (h *Host) ping(frame wire.Frame) wire.Frame {
	return with(answer(frame, wire.Done, ""), h.layouts.Pong, records.Pong{HostTime: h.clock.Now()})
}

func (h *Host) list(frame wire.Frame) wire.Frame {
	ask, err := only(h.layouts, h.layouts.ListRequest, frame)
	if err != nil {
		h.log.Warn("list not understood", "error", err)
		return answer(frame, wire.NotUnderstood, "BADREC")
	}
	l, err := h.catalogue.List(ask.Set, h.clock.Now())
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

// only decodes the one record of a request.
func only[T any](layouts *records.Layouts, kind records.Kind[T], frame wire.Frame) (T, error) {
	var none T
	all, err := layouts.Split(frame.Body, frame.Count)
	if err != nil {
		return none, err
	}
	if len(all) != 1 {
		return none, fmt.Errorf("%s of %d records, 1 expected", frame.Function, len(all))
	}
	return kind.Decode(all[0])
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
