package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type reportsQuery struct {
	Limit int    `query:"limit" minimum:"1" maximum:"366" default:"31"`
	To    string `query:"to" format:"date" pattern:"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$" patternDescription:"a day from 1900 on" doc:"Day, included; absent: the last one"`
}

type reportsAnswer struct {
	Body struct {
		Reports []blotter.DayReport `json:"reports" doc:"The latest day first"`
	}
}

type reportAnswer struct{ Body blotter.DayReport }

// DayPath is the path of a day. It is exported because the library ignores other embedded types.
type DayPath struct {
	Day string `path:"day" format:"date" pattern:"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$" patternDescription:"a day from 1900 on"`
}

func (c Core) listReports(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewJobs, huma.Operation{
		OperationID: "list-reports", Method: http.MethodGet, Path: "/v1/reports", Summary: "The reports of days: trades, legs, what is owed, what the jobs have found",
		Description: "settlement reports a day of the mainframe at 02:00 of the next one, and anew when the job is started by hand.", Tags: []string{"jobs"},
	}), func(ctx context.Context, in *reportsQuery) (*reportsAnswer, error) {
		reports, err := c.Model.DayReports(ctx, in.To, in.Limit)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		answer := &reportsAnswer{}
		answer.Body.Reports = append([]blotter.DayReport{}, reports...)
		return answer, nil
	})
}

func (c Core) getReport(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewJobs, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/v1/reports/{day}", Summary: "The report of a day", Tags: []string{"jobs"},
		Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *DayPath) (*reportAnswer, error) {
		report, err := c.Model.DayReport(ctx, in.Day)
		if errors.Is(err, store.ErrNone) {
			return nil, web.NotFound("report")
		}
		if err != nil {
			return nil, c.away(ctx, err)
		}
		return &reportAnswer{report}, nil
	})
}
