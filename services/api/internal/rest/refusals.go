package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// refusalsQuery are the filters of a list of refused messages. All that are given must hold.
type refusalsQuery struct {
	Limit    int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor   string    `query:"cursor" maxLength:"128" doc:"From next of the page before; with the same filters"`
	Provider string    `query:"provider" maxLength:"20" pattern:"^[A-Z0-9]*$"`
	Session  string    `query:"session" maxLength:"100" pattern:"^[ -~]*$" patternDescription:"printable ASCII" doc:"As a message names it: FIX.4.4:FXCORE->ALPHA"`
	Code     string    `query:"code" maxLength:"40" pattern:"^[ -~]*$" patternDescription:"printable ASCII" doc:"373=5, 380=4, malformed, left_out …"`
	From     time.Time `query:"from" doc:"When it was received, included"`
	To       time.Time `query:"to" doc:"When it was received, excluded"`
}

type refusalsAnswer struct {
	Link string `header:"Link" doc:"rel=next, if there are more"`
	Body struct {
		Refusals []blotter.RefusedMessage `json:"refusals" doc:"The latest first"`
		Next     string                   `json:"next,omitempty" doc:"The cursor of the next page"`
	}
}

type refusalAnswer struct{ Body blotter.RefusedMessage }

type refusalPath struct {
	ID string `path:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"A UUID in lower case"`
}

func (c Core) listRefusals(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOriginals, huma.Operation{
		OperationID: "list-refusals", Method: http.MethodGet, Path: "/v1/refusals", Summary: "Messages of providers that a gateway has refused by itself",
		Description: "Such a message broke a rule of the protocol or met a full gateway, and has become no request. Of one session at most 60 a minute are kept. " +
			"The others are counted.",
		Tags: []string{"refusals"},
	}), func(ctx context.Context, in *refusalsQuery) (*refusalsAnswer, error) {
		filter := store.RefusedFilter{Provider: in.Provider, Session: in.Session, Code: in.Code, From: in.From, To: in.To}
		if in.Cursor != "" {
			var err error
			if filter.After, err = readRefusedCursor(in.Cursor); err != nil {
				return nil, err
			}
		}
		list, err := c.Model.Refused(ctx, filter, in.Limit+1)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		answer := &refusalsAnswer{}
		answer.Body.Refusals = append([]blotter.RefusedMessage{}, list[:min(len(list), in.Limit)]...)
		if len(list) > in.Limit {
			last := list[in.Limit-1]
			answer.Body.Next = writeRefusedCursor(store.RefusedPlace{ReceivedAt: last.ReceivedAt, ID: last.ID})
			answer.Link = in.next(answer.Body.Next)
		}
		return answer, nil
	})
}

// next returns the Link header of the next page, with the same filters.
func (in *refusalsQuery) next(cursor string) string {
	q := url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(in.Limit)}}
	for name, value := range map[string]string{"provider": in.Provider, "session": in.Session, "code": in.Code} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": in.From, "to": in.To} {
		if !at.IsZero() {
			q.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	return web.NextLink("/v1/refusals", q)
}

func (c Core) getRefusal(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOriginals, huma.Operation{
		OperationID: "get-refusal", Method: http.MethodGet, Path: "/v1/refusals/{id}", Summary: "A message that a gateway has refused", Tags: []string{"refusals"},
		Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *refusalPath) (*refusalAnswer, error) {
		m, err := c.refusal(ctx, in.ID)
		return &refusalAnswer{m}, err
	})
}

func (c Core) refusalOriginal(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOriginals, huma.Operation{
		OperationID: "get-refusal-original", Method: http.MethodGet, Path: "/v1/refusals/{id}/original",
		Summary: "A message that a gateway has refused, as it was received", Tags: []string{"refusals"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *refusalPath) (*originalsAnswer, error) {
		m, err := c.refusal(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		a := &originalsAnswer{}
		a.Body.Originals = []blotter.Original{}
		if o, kept := m.Original(); kept {
			a.Body.Originals = append(a.Body.Originals, o)
		}
		return a, nil
	})
}

// refusal returns a refused message with its bytes. The error is a Problem.
func (c Core) refusal(ctx context.Context, id string) (blotter.RefusedMessage, error) {
	m, err := c.Model.RefusedMessage(ctx, id)
	switch {
	case errors.Is(err, store.ErrNone):
		return m, web.NotFound("refusal")
	case err != nil:
		return m, c.away(ctx, err)
	}
	return m, nil
}
