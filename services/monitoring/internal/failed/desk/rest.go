package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/monitoring/internal/failed"
	"fxcore/services/monitoring/internal/failed/store"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// The codes of problems that come from here.
const (
	codeChanged          = "changed"
	codeConditionMissing = "if_match_missing"
	codeNotOpen          = "not_open"
)

// Codes returns all codes of problems that come from this package.
func Codes() []string { return []string{codeChanged, codeConditionMissing, codeNotOpen} }

// mostGroups bounds the list of groups. A flood of different reasons has more, which the list of entries shows.
const mostGroups = 500

// Register adds the resources of the error queue to an interface.
func (d *Desk) Register(api huma.API) {
	d.groups(api)
	d.list(api)
	d.get(api)
	d.resolve(api, "replay")
	d.resolve(api, "discard")
	d.resolveAll(api, "replay")
	d.resolveAll(api, "discard")
}

type groupsAnswer struct {
	Body struct {
		Items []store.Group `json:"items" doc:"The largest first"`
		Total int           `json:"total" doc:"Entries in the state"`
	}
}

func (d *Desk) groups(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewErrors, huma.Operation{
		OperationID: "list-error-groups", Method: http.MethodGet, Path: "/v1/errors/groups", Summary: "Messages that failed, by queue, reason and type", Tags: []string{"errors"},
	}), func(ctx context.Context, in *struct {
		State string `query:"state" enum:"open,replaying,replayed,discarded" default:"open"`
	},
	) (*groupsAnswer, error) {
		groups, total, err := d.Store.Groups(ctx, in.State, mostGroups)
		if err != nil {
			return nil, web.Away(ctx, d.Log, err)
		}
		a := &groupsAnswer{}
		a.Body.Items, a.Body.Total = append([]store.Group{}, groups...), total
		return a, nil
	})
}

// listQuery are the filters of a list. All that are given must hold.
type listQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor string `query:"cursor" maxLength:"128" doc:"From next of the page before; with the same filters"`
	State  string `query:"state" enum:"open,replaying,replayed,discarded" doc:"Absent: all"`
	Group  string `query:"group" maxLength:"64" pattern:"^[0-9a-f]*$"`
	Queue  string `query:"queue" maxLength:"100"`
	Type   string `query:"type" maxLength:"100"`
	About  string `query:"about" maxLength:"100" doc:"A message id, a trade or other correlation, or a trace"`
}

type listAnswer struct {
	Link string `header:"Link" doc:"rel=next, if there are more"`
	Body struct {
		Items []failed.Entry `json:"items" doc:"The latest failure first"`
		Next  string         `json:"next,omitempty"`
		Total int            `json:"total" doc:"Entries that fit the filters"`
	}
}

func (d *Desk) list(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewErrors, huma.Operation{
		OperationID: "list-errors", Method: http.MethodGet, Path: "/v1/errors", Summary: "Messages that failed", Tags: []string{"errors"},
	}), func(ctx context.Context, in *listQuery) (*listAnswer, error) {
		filter := store.Filter{State: in.State, Group: in.Group, Queue: in.Queue, Type: in.Type, About: in.About}
		if in.Cursor != "" {
			var known bool
			if filter.After, known = readPlace(in.Cursor); !known {
				return nil, web.CursorUnknown()
			}
		}
		entries, total, err := d.Store.List(ctx, filter, in.Limit+1)
		if err != nil {
			return nil, web.Away(ctx, d.Log, err)
		}
		a := &listAnswer{}
		a.Body.Items, a.Body.Total = append([]failed.Entry{}, entries[:min(len(entries), in.Limit)]...), total
		if len(entries) > in.Limit {
			last := entries[in.Limit-1]
			a.Body.Next = web.WriteCursor(strconv.FormatInt(last.FailedAt.UnixMicro(), 10), last.ID)
			a.Link = in.next(a.Body.Next)
		}
		return a, nil
	})
}

func readPlace(cursor string) (store.Place, bool) {
	parts, known := web.ReadCursor(cursor, 2)
	if !known || !contract.IsID(parts[1]) {
		return store.Place{}, false
	}
	micros, err := strconv.ParseInt(parts[0], 10, 64)
	at := time.UnixMicro(micros).UTC()
	return store.Place{FailedAt: at, ID: parts[1]}, err == nil && at.Year() > 1900 && at.Year() < 9999
}

func (in *listQuery) next(cursor string) string {
	q := url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(in.Limit)}}
	for name, value := range map[string]string{"state": in.State, "group": in.Group, "queue": in.Queue, "type": in.Type, "about": in.About} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return web.NextLink("/v1/errors", q)
}

// EntryPath is the path of an entry. It is exported because the library ignores other embedded types.
type EntryPath struct {
	ID string `path:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"A UUID in lower case"`
}

type entryAnswer struct {
	ETag string `header:"ETag"`
	Body struct {
		failed.Entry

		Source      string         `json:"source" doc:"The replica that gave the message up; empty: the broker did"`
		ContentType string         `json:"content_type"`
		Headers     map[string]any `json:"headers"`
		Body        string         `json:"body,omitempty" doc:"With secrets masked"`
		BodyBase64  string         `json:"body_base64,omitempty" doc:"Of a message that is no text: its first 64 KiB"`
		History     []store.Step   `json:"history" doc:"The oldest step first"`
	}
}

func (d *Desk) get(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewErrors, huma.Operation{
		OperationID: "get-error", Method: http.MethodGet, Path: "/v1/errors/{id}", Summary: "A message that failed, with its content and its history", Tags: []string{"errors"},
		Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *EntryPath) (*entryAnswer, error) {
		return d.entry(ctx, in.ID)
	})
}

// entry returns an entry as it is. The error is a Problem.
func (d *Desk) entry(ctx context.Context, id string) (*entryAnswer, error) {
	m, steps, err := d.Store.Get(ctx, id)
	switch {
	case errors.Is(err, store.ErrNone):
		return nil, web.NotFound("entry of the error queue")
	case err != nil:
		return nil, web.Away(ctx, d.Log, err)
	}
	a := &entryAnswer{ETag: etag(m.Version)}
	a.Body.Entry, a.Body.Source, a.Body.ContentType, a.Body.Headers, a.Body.History = m.Entry, m.Source, m.ContentType, m.Headers, append([]store.Step{}, steps...)
	if utf8.Valid(m.Body) {
		a.Body.Body = failed.Mask(m.Body)
	} else {
		a.Body.BodyBase64 = base64.StdEncoding.EncodeToString(m.Body[:min(len(m.Body), web.MaxBody)])
	}
	return a, nil
}

func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }
