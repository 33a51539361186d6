package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/messages"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// newDay is the body of a command to end the business day.
type newDay struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept with the run"`
}

type dayCommanded struct {
	Location string `header:"Location"`
	Body     commandedBody
}

func (c Core) endDay(api huma.API) {
	huma.Register(api, signin.Guarded(rights.EndDay, commanding(huma.Operation{
		OperationID: "end-day", Method: http.MethodPost, Path: "/v1/days", Summary: "End the bank's business day and begin the next one",
		Description: "Only where days may be run ahead; elsewhere the answer is 404. The bank's clock moves on by the evening of each date to the morning of the " +
			"next business day, and waits at each stop until what is due is done. It is a run of a job: Location shows how far it is. While one is under way a second one is refused.",
		Tags: []string{"jobs"}, Errors: []int{http.StatusNotFound},
	})), func(ctx context.Context, in *struct {
		Key
		Body newDay
	},
	) (*dayCommanded, error) {
		if !c.MayRunAhead {
			return nil, web.NewProblem(http.StatusNotFound, web.CodeNotFound, "Days are not run ahead here: the bank's clock is real time.")
		}
		command := messages.JobCommanded{
			Service: messages.DayService, Job: messages.DayJob, Action: messages.StartJob, By: callerOf(ctx).User, Reason: in.Body.Reason,
		}
		e, err := command.Event(in.Key.Key, c.now())
		accepted, err := c.command(ctx, in.Key.Key, e, err, nil)
		if err != nil {
			return nil, err
		}
		return &dayCommanded{Location: "/v1/jobs?command=" + accepted.Body.CommandID, Body: accepted.Body}, nil
	})
}

// mayCommand refuses a command about the job that ends the day to a caller who has no right to end it. The error is a Problem.
func mayCommand(who signin.Caller, job string) error {
	if job == messages.DayJob && who.Reach(rights.EndDay) == rights.Nothing {
		return web.NewProblem(http.StatusForbidden, string(reason.NoRight), "Neither your role nor your token allows this: "+string(rights.EndDay)+".")
	}
	return nil
}
