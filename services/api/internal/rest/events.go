package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type eventsQuery struct {
	After  string `query:"after" maxLength:"64" doc:"Position in a list of trades, from which the stream goes on; absent: from now"`
	LastID string `header:"Last-Event-ID" maxLength:"64" doc:"Stands above after"`
}

// writeBound is how long a listener may take to accept an event.
const writeBound = 5 * time.Second

func (c Core) listen(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewTrades, huma.Operation{
		OperationID: "listen", Method: http.MethodGet, Path: "/v1/events", Summary: "What changes, as it changes: server-sent events",
		Description: "An event without a name holds trades that changed, each as it is now. The event tick comes each second. " +
			"After the event reset, read the list of trades again and go on from its position. Resume at any replica by Last-Event-ID.",
		Tags: []string{"events"},
		Responses: map[string]*huma.Response{"200": {Description: "Does not end", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}},
		}}},
	}), func(ctx context.Context, in *eventsQuery) (*huma.StreamResponse, error) {
		from, err := readPosition(in)
		if err != nil {
			return nil, err
		}
		leave, err := c.streams.Enter(callerOf(ctx).User, "streams of yours")
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) { //nolint:contextcheck // the context is in hc
			defer leave()
			c.stream(hc, from)
		}}, nil
	})
}

func readPosition(in *eventsQuery) (stream.Position, error) {
	text := in.LastID
	if text == "" {
		text = in.After
	}
	if text == "" {
		return stream.Position{}, nil
	}
	p, err := stream.ParsePosition(text)
	if err != nil {
		return p, web.NewProblem(http.StatusUnprocessableEntity, codePositionUnknown, "This is not a position of this interface. Begin with the list of trades.")
	}
	return p, nil
}

// stream writes events until the caller goes away or may not listen any more.
func (c Core) stream(hc huma.Context, from stream.Position) {
	request, w := humago.Unwrap(hc)
	ctx := hc.Context()
	caller := callerOf(ctx)
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	answer := http.NewResponseController(w)
	_ = c.Events.Listen(ctx, stream.Listener{
		User: caller.User, Group: group(caller.Token, rights.ViewTrades),
		Alive: func(ctx context.Context) error {
			if _, refused := c.SignIn.Guard.Admit(ctx, request.Header.Get("Authorization"), signin.Anybody); refused != nil {
				return refused
			}
			return nil
		},
		Write: func(event []byte) error {
			_ = answer.SetWriteDeadline(time.Now().Add(writeBound))
			if _, err := w.Write(event); err != nil {
				return err
			}
			return answer.Flush()
		},
	}, from) // the listener is gone, or comes again
}
