package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

type runsQuery struct {
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Service string `query:"service" maxLength:"40" pattern:"^[a-z]*$"`
	Job     string `query:"job" maxLength:"64" pattern:"^[ -~]*$"`
	State   string `query:"state" enum:"running,finished,failed,refused"`
	Command string `query:"command" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"The command_id of an answer: what became of the command"`
}

type runsAnswer struct {
	Body struct {
		Runs []blotter.Run `json:"runs" doc:"Those that moved last first"`
	}
}

func (c Core) listJobs(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewJobs, huma.Operation{
		OperationID: "list-jobs", Method: http.MethodGet, Path: "/v1/jobs", Summary: "Runs of jobs: how far they are, and how they ended",
		Description: "A run that the clock has started is shown from its second part on, or when it has ended. A job that is due every few seconds is " +
			"shown only if it had more than one part to do. Ended runs are kept for 90 days.",
		Tags: []string{"jobs"},
	}), func(ctx context.Context, in *runsQuery) (*runsAnswer, error) {
		runs, err := c.Model.Runs(ctx, store.RunFilter{Service: in.Service, Job: in.Job, State: in.State, Command: in.Command}, in.Limit)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		answer := &runsAnswer{}
		answer.Body.Runs = append([]blotter.Run{}, runs...)
		return answer, nil
	})
}
