package rest

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// newDeletion is the body of a proposal to delete a trade.
type newDeletion struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept with the trade"`
}

// newDecision is the body of a decision about what was proposed.
type newDecision struct {
	Decision string `json:"decision" enum:"approve,decline,withdraw" doc:"withdraw: by the person who proposed it. approve, decline: by another one"`
	Reason   string `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept with the action"`
}

type proposed struct {
	Location string `header:"Location" doc:"Where the outcome will be"`
	Body     proposedBody
}

type proposedBody struct {
	CommandID string `json:"command_id" format:"uuid" doc:"Of the message"`
	ActionID  string `json:"action_id" format:"uuid" doc:"GET /v1/actions/{id} tells what becomes of it"`
}

type actionsAnswer struct {
	Body struct {
		Actions []blotter.Action `json:"actions" doc:"The oldest first"`
	}
}

type possibleAnswer struct {
	ETag string `header:"ETag"`
	Body messages.PossibleActions
}

type actionAnswer struct {
	Body blotter.Action
}

// ActionPath is the path of an action.
type ActionPath struct {
	ID string `path:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"The action's id: a UUID in lower case"`
}

func (c Core) deleteTrade(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CorrectTrade, commanding(huma.Operation{
		OperationID: "propose-deletion", Method: http.MethodPost, Path: "/v1/trades/{id}/deletions", Summary: "Propose to delete a trade",
		Description: "Another person approves it. A proposal that the trade's state does not allow is an action in the state refused, with the reason.", Tags: []string{"actions"},
		Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
	})), func(ctx context.Context, in *struct {
		TradePath
		Key
		IfMatch string `header:"If-Match" maxLength:"80" doc:"The ETag of the trade as you saw it"`
		Body    newDeletion
	},
	) (*proposed, error) {
		by := callerOf(ctx).User
		command := messages.TradeCommanded{
			ActionID: messages.ActionID(in.ID, by, in.Key.Key), Step: messages.Propose, Action: messages.DeleteTrade, TradeID: in.ID, Version: versionIn(in.IfMatch),
			By: by, Reason: in.Body.Reason,
		}
		e, err := command.Event(in.Key.Key, c.now())
		given, err := c.command(ctx, in.Key.Key, e, err, func() error { return c.sameVersion(ctx, in.ID, in.IfMatch) })
		if err != nil {
			return nil, err
		}
		return &proposed{"/v1/actions/" + command.ActionID, proposedBody{given.Body.CommandID, command.ActionID}}, nil
	})
}

// versionIn returns the version that an ETag of a trade names; 1 if it names none, which sameVersion refuses.
func versionIn(seen string) int {
	text, _ := strconv.Unquote(seen)
	version, err := strconv.Atoi(text)
	if err != nil {
		return 1
	}
	return version
}

// sameVersion returns the problem of a caller who has not seen the trade as it is now.
func (c Core) sameVersion(ctx context.Context, id, seen string) error {
	facts, err := c.visible(ctx, rights.CorrectTrade, id)
	if err != nil {
		return err
	}
	return asSeen("trade", seen, strconv.Quote(strconv.Itoa(facts.Trade().Version)))
}

func (c Core) possibleActions(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CorrectTrade, huma.Operation{
		OperationID: "list-possible-actions", Method: http.MethodGet, Path: "/v1/trades/{id}/actions", Summary: "What you may do with a trade now, and what would come of it",
		Description: "Trading answers, by the rules that decide a proposal. Send the ETag in If-Match when you propose.", Tags: []string{"actions"},
		Errors: []int{http.StatusNotFound, http.StatusTooManyRequests},
	}), func(ctx context.Context, in *TradePath) (*possibleAnswer, error) {
		facts, err := c.visible(ctx, rights.CorrectTrade, in.ID)
		if err != nil {
			return nil, err
		}
		version := facts.Trade().Version
		asked := messages.ActionsRequested{Question: messages.TradeVersion{TradeID: in.ID, Version: version}}
		answer, err := ask[messages.PossibleActions](ctx, c, contract.ActionsRequested, asked)
		if err != nil {
			return nil, err
		}
		return &possibleAnswer{strconv.Quote(strconv.Itoa(version)), answer}, nil
	})
}

func (c Core) decideAction(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CorrectTrade, commanding(huma.Operation{
		OperationID: "decide-action", Method: http.MethodPost, Path: "/v1/actions/{id}/decisions", Summary: "Approve, decline or withdraw what was proposed",
		Description: "An action that is approved is decided on the state of the trade as it is then.", Tags: []string{"actions"},
		Errors: []int{http.StatusNotFound, http.StatusForbidden, http.StatusPreconditionFailed},
	})), func(ctx context.Context, in *struct {
		ActionPath
		Key
		Body newDecision
	},
	) (*commanded, error) {
		action, err := c.action(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		command := messages.TradeCommanded{
			ActionID: in.ID, Step: in.Body.Decision, Action: action.Kind, TradeID: action.TradeID, Version: action.Version, By: callerOf(ctx).User, Reason: in.Body.Reason,
		}
		e, err := command.Event(in.Key.Key, c.now())
		return c.command(ctx, in.Key.Key, e, err, func() error { return mayDecide(action, in.Body.Decision, command.By) })
	})
}

// mayDecide returns the problem of a person who may not decide about an action.
func mayDecide(a blotter.Action, decision, by string) error {
	switch {
	case a.State != blotter.Proposed:
		return web.NewProblem(http.StatusPreconditionFailed, codeChanged, "The action is "+a.State+" already.")
	case decision == messages.Approve && by == a.ProposedBy:
		return web.NewProblem(http.StatusForbidden, codeSamePerson, "You have proposed it. Another person approves.")
	case decision == messages.Withdraw && by != a.ProposedBy:
		return web.NewProblem(http.StatusForbidden, codeSamePerson, "Only the person who has proposed it withdraws it. Decline it instead.")
	}
	return nil
}

func (c Core) action(ctx context.Context, id string) (blotter.Action, error) {
	a, err := c.Model.Action(ctx, id)
	if errors.Is(err, store.ErrNone) {
		return a, web.NotFound("action")
	}
	if err != nil {
		return a, c.away(ctx, err)
	}
	return a.At(c.now()), nil
}

func (c Core) getAction(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CorrectTrade, huma.Operation{
		OperationID: "get-action", Method: http.MethodGet, Path: "/v1/actions/{id}", Summary: "An action on a trade, and what became of it",
		Tags: []string{"actions"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *ActionPath) (*actionAnswer, error) {
		a, err := c.action(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return &actionAnswer{a}, nil
	})
}

func (c Core) listActions(api huma.API) {
	huma.Register(api, signin.Guarded(rights.CorrectTrade, huma.Operation{
		OperationID: "list-actions", Method: http.MethodGet, Path: "/v1/actions", Summary: "What waits for a second person, or what was done with a trade",
		Tags: []string{"actions"},
	}), func(ctx context.Context, in *struct {
		Trade string `query:"trade" pattern:"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$" patternDescription:"a UUID in lower case" doc:"All actions on one trade; absent: those of all trades that wait for a second person"`
	},
	) (*actionsAnswer, error) {
		all, err := c.Model.Actions(ctx, in.Trade)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		answer := &actionsAnswer{}
		answer.Body.Actions = make([]blotter.Action, 0, len(all))
		for _, a := range all {
			if a = a.At(c.now()); in.Trade != "" || a.State == blotter.Proposed {
				answer.Body.Actions = append(answer.Body.Actions, a)
			}
		}
		return answer, nil
	})
}
