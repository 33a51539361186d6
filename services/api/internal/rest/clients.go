package rest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/directory"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// Clients provides the bank's clients of the moment.
type Clients interface {
	// Clients returns all clients by their id; false if none have been loaded.
	Clients() ([]directory.Client, bool)
}

type clientsQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor string `query:"cursor" maxLength:"12" pattern:"^[A-Z0-9]+$" doc:"From next of the page before; with the same q"`
	Q      string `query:"q" maxLength:"64" doc:"A part of the id or of the name, in whatever case"`
}

type clientsPage struct {
	Link string `header:"Link" doc:"rel=next, if there are more"`
	Body struct {
		Clients []directory.Client `json:"clients"`
		Next    string             `json:"next,omitempty" doc:"The cursor of the next page"`
	}
}

func (c Core) listClients(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewClients, huma.Operation{
		OperationID: "list-clients", Method: http.MethodGet, Path: "/v1/clients", Summary: "The clients whose business you may see, by id",
		Tags: []string{"clients"},
	}), func(ctx context.Context, in *clientsQuery) (*clientsPage, error) {
		all, loaded := c.Clients.Clients()
		if !loaded {
			return nil, noData("The bank's clients have not been loaded yet.")
		}
		return clientPage(callerOf(ctx), all, in), nil
	})
}

func clientPage(who signin.Caller, all []directory.Client, in *clientsQuery) *clientsPage {
	p := &clientsPage{}
	p.Body.Clients = []directory.Client{}
	wanted := strings.ToLower(in.Q)
	for _, one := range all {
		fits := strings.Contains(strings.ToLower(one.ID), wanted) || strings.Contains(strings.ToLower(one.Name), wanted)
		if one.ID <= in.Cursor || !fits || !who.Reaches(rights.ViewClients, one.ID, one.Desk) {
			continue
		}
		if n := len(p.Body.Clients); n == in.Limit {
			p.Body.Next = p.Body.Clients[n-1].ID
			q := url.Values{"cursor": {p.Body.Next}, "limit": {strconv.Itoa(in.Limit)}}
			if in.Q != "" {
				q.Set("q", in.Q)
			}
			p.Link = web.NextLink("/v1/clients", q)
			break
		}
		p.Body.Clients = append(p.Body.Clients, one)
	}
	return p
}
