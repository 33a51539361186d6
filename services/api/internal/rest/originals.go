package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

type originalsAnswer struct {
	Body struct {
		Originals []blotter.Original `json:"originals" doc:"The oldest first; more than one if the provider sent its request again. Empty: it came by this interface, or is older than what is kept"`
	}
}

func (c Core) tradeOriginals(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOriginals, huma.Operation{
		OperationID: "get-trade-original", Method: http.MethodGet, Path: "/v1/trades/{id}/original",
		Summary: "The provider's own messages about a trade, as they were received", Tags: []string{"trades"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *TradePath) (*originalsAnswer, error) {
		if _, err := c.visible(ctx, rights.ViewOriginals, in.ID); err != nil {
			return nil, err
		}
		return c.originals(ctx, in.ID)
	})
}

func (c Core) checkOriginals(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewOriginals, huma.Operation{
		OperationID: "get-linecheck-original", Method: http.MethodGet, Path: "/v1/linechecks/{id}/original",
		Summary: "The provider's own messages about a line check, as they were received", Tags: []string{"linechecks"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *CheckPath) (*originalsAnswer, error) {
		if _, err := c.visibleCheck(ctx, rights.ViewOriginals, in.ID); err != nil {
			return nil, err
		}
		return c.originals(ctx, in.ID)
	})
}

func (c Core) originals(ctx context.Context, id string) (*originalsAnswer, error) {
	found, err := c.Model.Originals(ctx, id)
	if err != nil {
		return nil, c.away(ctx, err)
	}
	a := &originalsAnswer{}
	a.Body.Originals = append([]blotter.Original{}, found...)
	return a, nil
}
