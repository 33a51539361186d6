package static

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
)

// Bounds of fetching one set.
const (
	pageRecords = 1000
	maxRecords  = 1_000_000
	maxAttempts = 3 // to fetch a set; an attempt fails if the set changes while its pages are fetched
)

var (
	errUnknownSet = errors.New("the mainframe has no such set")
	errChanged    = errors.New("the set changed while its pages were fetched")
	errRefused    = errors.New("the set is refused, the version before stays")

	// A version or a time from the future would stay for ever: everything that comes later is older, and its age never grows.
	errAhead = errors.New("the mainframe's clock is ahead of ours")
)

// Exchanger asks the host, as link.Link does.
type Exchanger interface {
	Exchange(ctx context.Context, calls []*link.Call) error
}

// lister fetches sets, page by page.
type lister struct {
	host    Exchanger
	layouts *records.Layouts
	now     func() time.Time
	ahead   time.Duration // how far the host's clock may be ahead of now
}

// listing is a set as fetched; records are nil if the version is the known one.
type listing struct {
	version int64
	asOf    time.Time
	records map[string]any
	damage  damage
}

// fetch returns the whole set unless its version is the known one. Its errors are errUnknownSet, which will not pass,
// errChanged, errAhead, errRefused with the listing, and the host's.
func (l lister) fetch(ctx context.Context, name string, known int64) (listing, error) {
	for range maxAttempts {
		got, err := l.once(ctx, name, known)
		if !errors.Is(err, errChanged) {
			return got, err
		}
	}
	return listing{}, errChanged
}

func (l lister) once(ctx context.Context, name string, known int64) (listing, error) {
	s, exists := newSet(l.layouts, name)
	if !exists {
		return listing{}, fmt.Errorf("%w: %q", errUnknownSet, name)
	}
	var got listing
	for taken := 0; ; {
		p, err := l.page(ctx, s, records.ListRequest{Set: name, Known: int(known), First: taken, Max: pageRecords})
		switch {
		case err != nil:
			return listing{}, err
		case taken > 0 && int64(p.head.Version) != got.version:
			return listing{}, errChanged
		case l.toCome(p.head):
			return listing{}, fmt.Errorf("%w: version %d as of %s", errAhead, p.head.Version, p.head.AsOf.Format(time.RFC3339))
		}
		got.version, got.asOf = int64(p.head.Version), p.head.AsOf
		if p.unchanged {
			return got, nil
		}
		if taken += p.taken; taken == p.head.Total {
			got.records, got.damage = s.whole(), s.damage
			return got, refusal(name, known, got)
		}
		if p.taken == 0 || taken > p.head.Total || taken > maxRecords {
			return listing{}, fmt.Errorf("list %s: %d of %d records, then none", name, taken, p.head.Total)
		}
	}
}

// toCome tells whether an answer is of a time to come. A version is the time since when the set is as it is.
func (l lister) toCome(head records.ListAnswer) bool {
	latest := l.now().Add(l.ahead)
	return head.AsOf.After(latest) || int64(head.Version) > latest.UnixMilli()
}

// refusal says why a set is no use as a whole: it has rows but no good record, or it has none where there were some. Only quotes
// and holdings may all end.
func refusal(name string, known int64, got listing) error {
	switch {
	case len(got.records) > 0:
		return nil
	case got.damage.taken > 0:
		return fmt.Errorf("%w: %s", errRefused, got.damage.String())
	case known > 0 && name != "quotes" && name != "holdings":
		return fmt.Errorf("%w: it has become empty", errRefused)
	}
	return nil
}

// page is one answer.
type page struct {
	head      records.ListAnswer
	taken     int
	unchanged bool
}

// page asks for one page and adds its rows to the set. The link closes the connection if an answer cannot be cut into rows.
func (l lister) page(ctx context.Context, s *set, ask records.ListRequest) (page, error) {
	body, err := l.layouts.ListRequest.Append(nil, ask)
	if err != nil {
		return page{}, err
	}
	var p page
	var refusal error
	call := &link.Call{Function: wire.List, Count: 1, Body: body, Accept: func(answer wire.Frame) error {
		switch answer.Code {
		case wire.Done, wire.Nothing:
			var err error
			p, err = l.accept(s, ask.Set, answer)
			return err
		case wire.NotUnderstood:
			refusal = fmt.Errorf("%w: %q, reason %s", errUnknownSet, ask.Set, answer.Reason)
			return nil
		case wire.Refused, wire.HostError:
		}
		return fmt.Errorf("return code %d, reason %s", answer.Code, answer.Reason)
	}}
	if err := l.host.Exchange(ctx, []*link.Call{call}); err != nil {
		return page{}, err
	}
	return p, refusal
}

func (l lister) accept(s *set, name string, answer wire.Frame) (page, error) {
	all, err := l.layouts.Split(answer.Body, answer.Count)
	if err != nil {
		return page{}, err
	}
	if len(all) == 0 {
		return page{}, errors.New("a page without its first record")
	}
	head, err := l.layouts.ListAnswer.Decode(all[0])
	if err != nil {
		return page{}, err
	}
	if head.Set != name || head.Version == 0 || head.AsOf.IsZero() {
		return page{}, fmt.Errorf("set %s asked, %q answered with version %d", name, head.Set, head.Version)
	}
	for _, r := range all[1:] {
		s.add(r)
	}
	return page{head: head, taken: len(all) - 1, unchanged: answer.Code == wire.Nothing}, nil
}
