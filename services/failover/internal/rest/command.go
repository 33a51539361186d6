package rest

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/view"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// CodeRefused is the code of a command that the plan does not follow.
const CodeRefused = "command_refused"

// How long a request waits until the plan has taken its command, and how often it looks.
const (
	answerBound = 5 * time.Second
	lookEvery   = 50 * time.Millisecond
)

type moveInput struct {
	Provider string `path:"provider" maxLength:"40" pattern:"^[A-Za-z0-9_-]+$"`
	Body     struct {
		To     string `json:"to" minLength:"1" maxLength:"40" pattern:"^[a-z]+[/-][A-Za-z0-9_.-]+$" example:"fix/2"`
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why: it is kept"`
	}
}

type drainInput struct {
	Body struct {
		Instance string `json:"instance" minLength:"1" maxLength:"40" pattern:"^[a-z]+[/-][A-Za-z0-9_.-]+$" example:"fix/2"`
		Reason   string `json:"reason" minLength:"1" maxLength:"500" doc:"Why: it is kept"`
	}
}

type undrainInput struct {
	Instance string `path:"instance" maxLength:"40" pattern:"^[a-z]+[/-][A-Za-z0-9_.-]+$" example:"fix-2"`
	Reason   string `query:"reason" minLength:"1" maxLength:"500" default:"the drain is over"`
}

type commandAnswer struct {
	Body struct {
		CommandID string `json:"command_id"`
		Taken     bool   `json:"taken" doc:"false: the broker has it, and the plan has not answered yet"`
	}
}

func commanding(id, method, path, summary string) huma.Operation {
	return signin.Guarded(rights.CommandOperations, huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"sessions"}, DefaultStatus: http.StatusAccepted,
		Description: "The command travels by message, and is in the history with the caller and the reason.", Errors: []int{http.StatusConflict},
	})
}

func (d *Desk) move(api huma.API) {
	huma.Register(api, commanding("move-session", http.MethodPost, "/v1/sessions/{provider}/moves", "Move a session to another instance"),
		func(ctx context.Context, in *moveInput) (*commandAnswer, error) {
			return d.command(ctx, messages.Command{
				Command: plan.CommandMove, Provider: in.Provider, Instance: view.InstanceName(in.Body.To), Why: in.Body.Reason,
			})
		})
}

type anyInput struct {
	Body struct {
		Command  string `json:"command" enum:"move,home,drain,undrain,fallback,spread,automatic,manual,bar,admit"`
		Provider string `json:"provider,omitempty" maxLength:"40" pattern:"^[A-Za-z0-9_-]*$"`
		Instance string `json:"instance,omitempty" maxLength:"40" pattern:"^([a-z]+[/-][A-Za-z0-9_.-]+)?$"`
		Reason   string `json:"reason,omitempty" maxLength:"500" doc:"Why: it is kept"`
	}
}

// any takes every command of the plan, as the command line of on-call gives them.
func (d *Desk) any(api huma.API) {
	huma.Register(api, commanding("command-sessions", http.MethodPost, "/v1/sessions/commands", "Give any command of the plan"),
		func(ctx context.Context, in *anyInput) (*commandAnswer, error) {
			return d.command(ctx, messages.Command{
				Command: in.Body.Command, Provider: in.Body.Provider, Instance: view.InstanceName(in.Body.Instance), Why: in.Body.Reason,
			})
		})
}

func (d *Desk) drain(api huma.API) {
	huma.Register(api, commanding("drain-instance", http.MethodPost, "/v1/drains", "Take all sessions from an instance, and give it none"),
		func(ctx context.Context, in *drainInput) (*commandAnswer, error) {
			return d.command(ctx, messages.Command{Command: plan.CommandDrain, Instance: view.InstanceName(in.Body.Instance), Why: in.Body.Reason})
		})
}

func (d *Desk) undrain(api huma.API) {
	huma.Register(api, commanding("undrain-instance", http.MethodDelete, "/v1/drains/{instance}", "Let an instance hold sessions again"),
		func(ctx context.Context, in *undrainInput) (*commandAnswer, error) {
			return d.command(ctx, messages.Command{Command: plan.CommandUndrain, Instance: view.InstanceName(in.Instance), Why: in.Reason})
		})
}

type barInput struct {
	Provider string `path:"provider" maxLength:"40" pattern:"^[A-Za-z0-9_-]+$"`
	Body     struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why: it is kept"`
	}
}

type admitInput struct {
	Provider string `path:"provider" maxLength:"40" pattern:"^[A-Za-z0-9_-]+$"`
	Reason   string `query:"reason" required:"true" minLength:"1" maxLength:"500" doc:"Why: it is kept"`
}

func (d *Desk) bar(api huma.API) {
	const path = "/v1/sessions/{provider}/bar"
	huma.Register(api, commanding("bar-provider", http.MethodPost, path, "Cut a provider off, and do not admit it until a person says so"),
		func(ctx context.Context, in *barInput) (*commandAnswer, error) {
			return d.command(ctx, messages.Command{Command: plan.CommandBar, Provider: in.Provider, Why: in.Body.Reason})
		})
	huma.Register(api, commanding("admit-provider", http.MethodDelete, path, "Let a provider log on again"),
		func(ctx context.Context, in *admitInput) (*commandAnswer, error) {
			return d.command(ctx, messages.Command{Command: plan.CommandAdmit, Provider: in.Provider, Why: in.Reason})
		})
}

// command publishes a command of the caller and waits until the plan has taken it or refused it. The error is a Problem.
func (d *Desk) command(ctx context.Context, c messages.Command) (*commandAnswer, error) {
	c.By = signin.CallerOf(ctx).User
	now := d.Now().UTC().Truncate(time.Microsecond)
	e, err := event.New(contract.FailoverCommanded, event.NewID(event.DayOf(now), "command", rand.Text()), contract.Operations, "command", c)
	if err != nil {
		return nil, web.Away(ctx, d.Log, err)
	}
	e.Correlation, e.Time, e.Source = e.ID, now, d.Source
	web.Follow(ctx, event.TraceID(e.Correlation))
	e, id, err := d.SignIn.Command(ctx, e)
	if err != nil {
		return nil, web.Away(ctx, d.Log, err)
	}
	if err := d.Publish.Bounded()(ctx, e); err != nil {
		return nil, web.Away(ctx, d.Log, err)
	}
	answer, err := d.answer(ctx, id)
	switch {
	case err != nil:
		return nil, web.Away(ctx, d.Log, err)
	case answer.Handled && !answer.Accepted:
		return nil, web.NewProblem(http.StatusConflict, CodeRefused, answer.Text)
	}
	a := &commandAnswer{}
	a.Body.CommandID, a.Body.Taken = id, answer.Handled
	return a, nil
}

// answer looks until the plan has handled a command, for a while. No answer in time is no error.
func (d *Desk) answer(ctx context.Context, id string) (view.Answer, error) {
	tick, end := time.NewTicker(lookEvery), time.After(answerBound)
	defer tick.Stop()
	for {
		if a, err := d.Plan.Answer(ctx, id); err != nil || a.Handled {
			return a, err
		}
		select {
		case <-tick.C:
		case <-end:
			return view.Answer{}, nil
		case <-ctx.Done():
			return view.Answer{}, ctx.Err()
		}
	}
}
