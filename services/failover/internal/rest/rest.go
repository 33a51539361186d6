// Package rest lets on-call look at the plan and command it by HTTPS, each request with a token and by its right.
//
//	GET    /v1/sessions                       who serves whom, who would, and the instances
//	GET    /v1/sessions/{provider}/history    what happened to a session, the newest first
//	POST   /v1/sessions/{provider}/moves      {"to", "reason"}
//	POST   /v1/sessions/{provider}/bar        {"reason"}
//	DELETE /v1/sessions/{provider}/bar?reason=
//	POST   /v1/sessions/commands              {"command", "provider", "instance", "reason"}: any command of the plan
//	POST   /v1/drains                         {"instance", "reason"}
//	DELETE /v1/drains/{instance}?reason=
package rest

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/rights"
	"fxcore/services/failover/internal/view"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// readBound bounds one look at the plan.
const readBound = 2 * time.Second

// Plan is what failover knows. show.Page is one.
type Plan interface {
	Status(ctx context.Context) (view.Status, error)
	History(ctx context.Context, provider string, limit int) ([]view.Entry, error)
	Answer(ctx context.Context, command string) (view.Answer, error)
}

// Desk serves the resources.
type Desk struct {
	Plan    Plan
	Publish web.Publish
	SignIn  *signin.SignIn
	Source  string // this replica, as events name it
	Now     func() time.Time
	Log     *slog.Logger
}

// Handler returns the handler of all resources.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	api := web.New(mux, web.About{Title: "FX Core failover", Version: "1.0.0", Description: "Who serves whom. On-call reaches it at the address of operations."})
	d.SignIn.Register(api)
	d.sessions(api)
	d.history(api)
	d.any(api)
	d.move(api)
	d.drain(api)
	d.undrain(api)
	d.bar(api)
	web.ListCodes(api.OpenAPI(), slices.Concat(web.Codes(), signin.Codes(), []string{CodeRefused})...)
	return web.Front(mux, d.Log)
}

type sessionsAnswer struct {
	Body struct {
		At        time.Time         `json:"at"`
		Automatic bool              `json:"automatic" doc:"Sessions go home by themselves"`
		Items     []ProviderSession `json:"items" doc:"By gateway and provider"`
		Instances []view.Instance   `json:"instances"`
	}
}

func (d *Desk) sessions(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOperations, huma.Operation{
		OperationID: "list-sessions", Method: http.MethodGet, Path: "/v1/sessions", Summary: "Who serves whom, and who would", Tags: []string{"sessions"},
	}), func(ctx context.Context, _ *struct{}) (*sessionsAnswer, error) {
		ctx, cancel := context.WithTimeout(ctx, readBound)
		defer cancel()
		status, err := d.Plan.Status(ctx)
		if err != nil {
			return nil, web.Away(ctx, d.Log, err)
		}
		a := &sessionsAnswer{}
		a.Body.At, a.Body.Automatic, a.Body.Instances, a.Body.Items = status.Now, status.Automatic, status.Instances, Sessions(status)
		return a, nil
	})
}

type historyQuery struct {
	Provider string `path:"provider" maxLength:"40" pattern:"^[A-Za-z0-9_-]+$"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type historyAnswer struct {
	Body struct {
		Items []view.Entry `json:"items" doc:"The newest first"`
	}
}

func (d *Desk) history(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOperations, huma.Operation{
		OperationID: "list-session-history", Method: http.MethodGet, Path: "/v1/sessions/{provider}/history", Summary: "What happened to a session", Tags: []string{"sessions"},
	}), func(ctx context.Context, in *historyQuery) (*historyAnswer, error) {
		ctx, cancel := context.WithTimeout(ctx, readBound)
		defer cancel()
		entries, err := d.Plan.History(ctx, in.Provider, in.Limit)
		if err != nil {
			return nil, web.Away(ctx, d.Log, err)
		}
		a := &historyAnswer{}
		a.Body.Items = append([]view.Entry{}, entries...)
		return a, nil
	})
}
