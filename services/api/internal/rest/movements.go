package rest

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type movementAnswer struct {
	ETag string `header:"ETag" doc:"Of the movement as it is: a command names it in If-Match"`
	Body movement
}

type movement struct {
	ID   string             `json:"id"`
	Legs []store.SettledLeg `json:"legs" doc:"The legs that it has settled, or has failed to settle"`

	Declined []blotter.Declined `json:"declined_commands,omitempty" doc:"Commands that could not be done, the latest first. Shown to who may command"`
}

func (c Core) getMovement(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewSettlements, huma.Operation{
		OperationID: "get-movement", Method: http.MethodGet, Path: "/v1/movements/{id}", Summary: "A movement that has settled legs, or has failed",
		Tags: []string{"settlements"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *MovementPath) (*movementAnswer, error) {
		legs, err := c.visibleMovement(ctx, rights.ViewSettlements, in.ID)
		if err != nil {
			return nil, err
		}
		shown := movement{ID: in.ID, Legs: legs}
		if callerOf(ctx).Reach(rights.CommandSettlement) != rights.Nothing {
			if shown.Declined, err = c.Model.Declined(ctx, in.ID); err != nil {
				return nil, c.away(ctx, err)
			}
		}
		return &movementAnswer{etag(legs), shown}, nil
	})
}

// visibleMovement returns those legs of a movement that the caller may see. The error is a Problem.
func (c Core) visibleMovement(ctx context.Context, action rights.Action, id string) ([]store.SettledLeg, error) {
	legs, err := c.Model.Movement(ctx, id)
	if err != nil {
		return nil, c.away(ctx, err)
	}
	legs = slices.DeleteFunc(legs, func(l store.SettledLeg) bool { return !callerOf(ctx).Reaches(action, l.Client, l.Desk) })
	if len(legs) == 0 {
		return nil, web.NotFound("movement")
	}
	return legs, nil
}

// unchanged returns the problem of a caller who has not seen the movement as it is now.
func (c Core) unchanged(ctx context.Context, id, seen string) error {
	legs, err := c.visibleMovement(ctx, rights.CommandSettlement, id)
	if err != nil || seen == "*" {
		return err
	}
	return asSeen("movement", seen, etag(legs))
}

// asSeen returns the problem of a caller whose If-Match is not the ETag that the named resource has now.
func asSeen(name, seen, now string) error {
	switch seen {
	case now:
		return nil
	case "":
		return web.NewProblem(http.StatusPreconditionRequired, codeConditionMissing, "Read the "+name+" first, and send its ETag in If-Match.")
	default:
		return web.NewProblem(http.StatusPreconditionFailed, codeChanged, "The "+name+" has changed since you read it. Read it again.")
	}
}

// etag changes whenever something becomes of a leg.
func etag(legs []store.SettledLeg) string {
	var parts []string
	for _, l := range legs {
		parts = append(parts, l.TradeID, strconv.Itoa(l.Version), strconv.Itoa(l.Leg), l.State, l.At.UTC().Format(time.RFC3339Nano))
	}
	return strconv.Quote(contract.Digest(parts...)[:32])
}
