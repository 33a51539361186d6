package rest

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// shownCheck is a line check as it is shown.
type shownCheck struct {
	State blotter.CheckState `json:"state" enum:"pending,done,rejected"`
	blotter.Check
}

// CheckPath is the path of a line check.
type CheckPath struct {
	ID string `path:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"The check's id: a UUID in lower case"`
}

type checkAnswer struct{ Body shownCheck }

// checkAccepted is the answer to a request about a line.
type checkAccepted struct {
	Status   int
	Location string `header:"Location"`
	Applied  string `header:"Preference-Applied"`
	Body     shownCheck
}

func (c Core) getCheck(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewLines, huma.Operation{
		OperationID: "get-linecheck", Method: http.MethodGet, Path: "/v1/linechecks/{id}", Summary: "A line check with its outcome",
		Tags: []string{"linechecks"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *CheckPath) (*checkAnswer, error) {
		check, err := c.visibleCheck(ctx, rights.ViewLines, in.ID)
		if err != nil {
			return nil, err
		}
		return &checkAnswer{show(check, callerOf(ctx))}, nil
	})
}

// show returns what a caller sees of a check: only the lines that it may see, and no text about another.
func show(check blotter.Check, who signin.Caller) shownCheck {
	sees := who.Section().SeesLine
	if r := check.Result; r != nil {
		seen := *r
		seen.Nodes = blotter.Seen(sees, r.Nodes)
		check.Result = &seen
	}
	if r := check.Rejected; r != nil {
		check.Rejected = r.For(sees, check.Caller)
	}
	return shownCheck{check.State(), check}
}

// visibleCheck returns a line check that the caller may see. The error is a Problem.
func (c Core) visibleCheck(ctx context.Context, action rights.Action, id string) (blotter.Check, error) {
	web.Follow(ctx, event.TraceID(id))
	check, err := c.Model.Check(ctx, id)
	if errors.Is(err, store.ErrNone) {
		return check, web.NotFound("line check")
	}
	if err != nil {
		return check, c.away(ctx, err)
	}
	if !callerOf(ctx).Reaches(action, check.Request.Client, check.Desk()) {
		return check, web.NotFound("line check")
	}
	return check, nil
}

// requestCheck claims, publishes and perhaps waits for a request about a line. The error is a Problem.
func (c Core) requestCheck(ctx context.Context, content blotter.CheckRequest, key, prefer string) (*checkAccepted, error) {
	asked, err := c.askCheck(content, key, callerOf(ctx))
	if err != nil {
		return nil, c.away(ctx, err)
	}
	patience := wait(prefer)
	id, err := c.claim(ctx, asked, patience)
	if err != nil {
		return nil, err
	}
	check, err := c.Model.Check(ctx, id)
	if err != nil {
		return nil, c.away(ctx, err)
	}
	answer := &checkAccepted{Status: http.StatusAccepted, Location: "/v1/linechecks/" + id, Body: show(check, callerOf(ctx))}
	if patience > 0 {
		answer.Applied = applied(patience)
	}
	if patience > 0 && check.State() != blotter.CheckPending {
		answer.Status = http.StatusOK
	}
	return answer, nil
}

func (c Core) askCheck(content blotter.CheckRequest, key string, who signin.Caller) (store.Asked, error) {
	now := c.Clock().UTC().Truncate(time.Microsecond)
	content.Reference, content.TradeDate = who.User+"/"+key, c.Rollover.TradeDate(now).String()
	requested := messages.CheckRequested{Request: messages.NewCheckRequest(content, now), Caller: who.Section()}
	e, err := requested.Event(now.Add(deadline))
	request := requested.Request.CheckRequest
	return store.Asked{
		Owner: who.User, Key: key, Digest: requested.Request.Digest, Subject: request.CheckID, Event: e,
		Pending: store.PendingCheck{ID: request.CheckID, Request: request, Caller: shown(requested.Caller)},
	}, err
}
