package rest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// newMovementCommand is the body of a command about a movement that has failed.
type newMovementCommand struct {
	Action    string `json:"action" enum:"retry,settle_by_hand,found" doc:"found: the mainframe's book has the movement, with other content"`
	Reason    string `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept with the movement"`
	Reference string `json:"reference,omitempty" maxLength:"64" pattern:"^[ -~]*$" doc:"To settle by hand: of the payment that was made. Found: the mainframe's own"`
}

// newJobCommand is the body of a command about a job.
type newJobCommand struct {
	Service string     `json:"service,omitempty" maxLength:"40" pattern:"^[a-z]*$" doc:"The service that has the job; empty: whoever has it"`
	Job     string     `json:"job" minLength:"1" maxLength:"64" pattern:"^[ -~]+$"`
	Action  string     `json:"action" enum:"start,stop"`
	Due     *time.Time `json:"due,omitempty" doc:"The due time that the run is for; absent: now"`
	Reason  string     `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept with the run"`
}

type commanded struct {
	Body commandedBody
}

type commandedBody struct {
	CommandID string `json:"command_id" format:"uuid" doc:"Of the message: its outcome is in the movement, or in GET /v1/jobs?command="`
}

// Key is the header of a command. It is exported because the library ignores other embedded types.
type Key struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" doc:"Of your choice, one for each command"`
}

// MovementPath is the path of a movement.
type MovementPath struct {
	ID string `path:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"The movement's id: a UUID in lower case"`
}

func commanding(o huma.Operation) huma.Operation {
	o.DefaultStatus, o.MaxBodyBytes = http.StatusAccepted, web.MaxBody
	o.Errors = append(o.Errors, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	return o
}

func (c Core) commandMovement(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CommandSettlement, commanding(huma.Operation{
		OperationID: "command-movement", Method: http.MethodPost, Path: "/v1/movements/{id}/commands", Summary: "Resolve a movement that has failed",
		Description: "A command that the movement's state does not allow is shown with the movement, with the reason.", Tags: []string{"settlements"},
		Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
	})), func(ctx context.Context, in *struct {
		MovementPath
		Key
		IfMatch string `header:"If-Match" maxLength:"80" doc:"The ETag of the movement as you saw it"`
		Body    newMovementCommand
	},
	) (*commanded, error) {
		if (in.Body.Action == messages.Retry) == (in.Body.Reference != "") {
			return nil, web.Wrong("body.reference", "settle_by_hand and found name the reference, and retry names none")
		}
		command := messages.SettlementCommanded{
			MovementID: in.ID, Action: in.Body.Action, By: callerOf(ctx).User, Reason: in.Body.Reason, Reference: in.Body.Reference,
		}
		e, err := command.Event(in.Key.Key, c.now())
		return c.command(ctx, in.Key.Key, e, err, func() error { return c.unchanged(ctx, in.ID, in.IfMatch) })
	})
}

func (c Core) commandJob(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CommandJob, commanding(huma.Operation{
		OperationID: "command-job", Method: http.MethodPost, Path: "/v1/job-commands", Summary: "Start a job by hand, or stop its run",
		Tags: []string{"jobs"},
	})), func(ctx context.Context, in *struct {
		Key
		Body newJobCommand
	},
	) (*commanded, error) {
		if err := mayCommand(callerOf(ctx), in.Body.Job); err != nil {
			return nil, err
		}
		command := messages.JobCommanded{
			Service: in.Body.Service, Job: in.Body.Job, Action: in.Body.Action, By: callerOf(ctx).User, Reason: in.Body.Reason,
		}
		if in.Body.Due != nil {
			command.Due = in.Body.Due.UTC()
		}
		e, err := command.Event(in.Key.Key, c.now())
		return c.command(ctx, in.Key.Key, e, err, nil)
	})
}

// now is the bank's time, as precise as messages are.
func (c Core) now() time.Time { return c.Clock().UTC().Truncate(time.Microsecond) }

// command asks auth to give a command in the caller's name, unless it was asked before under its key. allowed is asked unless it was: a repeat of what was
// accepted is accepted, whatever has changed since, and a repeat of what was stored and never published is as good as new. The error is
// a Problem.
func (c Core) command(ctx context.Context, key string, e event.Event, err error, allowed func() error) (*commanded, error) {
	if err != nil {
		return nil, c.away(ctx, err)
	}
	request, id := e, e.ID
	if slices.Contains(contract.Commanded(), e.Type) { // the others auth decides by itself
		if request, id, err = c.SignIn.Command(ctx, e); err != nil {
			return nil, c.away(ctx, err)
		}
	}
	asked := store.Asked{Owner: callerOf(ctx).User, Key: key, Digest: contract.Digest(e.Type.Name, string(e.Data)), Subject: id, Event: request}
	accepted, err := c.Model.Accepted(ctx, asked)
	if err != nil {
		return nil, c.away(ctx, err)
	}
	if !accepted && allowed != nil {
		if err := allowed(); err != nil {
			return nil, err
		}
	}
	answer := &commanded{}
	answer.Body.CommandID, err = c.claim(ctx, asked, 0)
	return answer, err
}
