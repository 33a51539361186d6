package rest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type linesQuery struct {
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor  string `query:"cursor" maxLength:"200" doc:"next of the page before"`
	Client  string `query:"client" maxLength:"12" pattern:"^[A-Z0-9]*$" doc:"The lines that its deals use"`
	Desk    string `query:"desk" maxLength:"12" pattern:"^[A-Z0-9]*$" doc:"The lines that its deals use"`
	MinUsed string `query:"min_used" pattern:"^([0-9](\\.[0-9]{1,4})?)?$" example:"0.9" doc:"Lines of which at least this part is used"`
}

// LinePath is the path of a line.
type LinePath struct {
	Level string `path:"level" enum:"group,desk,dealer,client"`
	ID    string `path:"id" minLength:"1" maxLength:"40" pattern:"^[A-Za-z0-9_-]+$" example:"C000900"`
}

func (p LinePath) node() string { return p.Level + "/" + p.ID }

// AsOf says as of when lines are. It is exported because the library ignores other embedded types.
type AsOf struct {
	AsOf      time.Time  `json:"as_of" doc:"When the lines were read"`
	LinesAsOf *time.Time `json:"lines_as_of,omitempty" doc:"When the bank's limits were true at the mainframe"`
	RatesAsOf *time.Time `json:"rates_as_of,omitempty" doc:"Of the rates by which limits of other currencies are converted"`
	Currency  string     `json:"currency" doc:"Of all amounts but stated ones"`
}

type linesPage struct {
	AsOf

	Lines []messages.Line `json:"lines" doc:"By node: clients, dealers, desks, groups"`
	Next  string          `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one"`
}

type linesAnswer struct {
	ETag string `header:"ETag"`
	Body linesPage
}

type oneLine struct {
	AsOf
	messages.Line
}

type lineAnswer struct {
	ETag string `header:"ETag"`
	Body oneLine
}

type ladder struct {
	AsOf

	Node  string `json:"node"`
	Limit string `json:"settlement_limit,omitempty" doc:"Of one value date; absent: none"`
	Rungs []rung `json:"rungs" doc:"Value dates on which something is due, the earliest first"`
}

type rung struct {
	ValueDate string `json:"value_date" format:"date"`
	Due       string `json:"due" doc:"What the bank receives: settlement exposure"`
}

type ladderAnswer struct {
	ETag string `header:"ETag"`
	Body ladder
}

func viewing(id, path, summary string) huma.Operation {
	return signin.Guarded(rights.ViewLines, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"lines"}})
}

func (c Core) listLines(api huma.API) {
	huma.Register(api, viewing("list-lines", "/v1/lines", "The lines of clients, groups, desks and dealers, and what they carry"),
		func(ctx context.Context, in *linesQuery) (*linesAnswer, error) {
			after, err := readNodeCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			a, err := c.askLines(ctx, messages.LinesQuestion{Client: in.Client, Desk: in.Desk, MinUsed: in.MinUsed, After: after, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			answer := &linesAnswer{ETag: tagOf(a.Lines), Body: linesPage{stated(a), a.Lines, ""}}
			if a.Next != "" {
				answer.Body.Next = base64.RawURLEncoding.EncodeToString([]byte(a.Next))
			}
			return answer, nil
		})
}

func (c Core) getLine(api huma.API) {
	o := viewing("get-line", "/v1/lines/{level}/{id}", "One line and what it carries")
	o.Errors = append(o.Errors, http.StatusNotFound)
	huma.Register(api, o, func(ctx context.Context, in *LinePath) (*lineAnswer, error) {
		a, err := c.askLine(ctx, messages.LinesQuestion{Node: in.node(), Limit: 1})
		if err != nil {
			return nil, err
		}
		return &lineAnswer{tagOf(a.Lines), oneLine{stated(a), a.Lines[0]}}, nil
	})
}

func (c Core) getLadder(api huma.API) {
	o := viewing("get-line-ladder", "/v1/lines/{level}/{id}/ladder", "What is due at a line, by value date")
	o.Errors = append(o.Errors, http.StatusNotFound)
	huma.Register(api, o, func(ctx context.Context, in *LinePath) (*ladderAnswer, error) {
		a, err := c.askLine(ctx, messages.LinesQuestion{Node: in.node(), Ladder: true, Limit: 1})
		if err != nil {
			return nil, err
		}
		l := a.Lines[0]
		shown := ladder{stated(a), l.Node, l.SettlementLimit, []rung{}}
		for _, due := range l.Ladder {
			shown.Rungs = append(shown.Rungs, rung{due.ValueDate, due.Amount})
		}
		return &ladderAnswer{tagOf(shown.Rungs), shown}, nil
	})
}

// askLines asks for lines that the caller may see: linecheck leaves out all others. The error is a Problem.
func (c Core) askLines(ctx context.Context, q messages.LinesQuestion) (messages.LinesAnswer, error) {
	a, err := ask[messages.LinesAnswer](ctx, c, contract.LinesRequested, messages.LinesRequested{Question: q, Caller: callerOf(ctx).Section()})
	if err == nil && a.Refused != nil {
		err = noData(a.Refused.Text)
	}
	return a, err
}

// askLine asks for one line. The error is a Problem.
func (c Core) askLine(ctx context.Context, q messages.LinesQuestion) (messages.LinesAnswer, error) {
	a, err := c.askLines(ctx, q)
	if err == nil && len(a.Lines) == 0 {
		err = web.NotFound("line")
	}
	return a, err
}

func stated(a messages.LinesAnswer) AsOf {
	return AsOf{a.AsOf, a.LinesAsOf, a.RatesAsOf, a.Currency}
}

// tagOf returns the tag of what is shown, without its times: it changes when a figure does.
func tagOf(shown any) string {
	text, _ := json.Marshal(shown) // texts: never fails
	sum := sha256.Sum256(text)
	return strconv.Quote(base64.RawURLEncoding.EncodeToString(sum[:12]))
}

// readNodeCursor returns the node after which a page begins. The error is a Problem.
func readNodeCursor(text string) (string, error) {
	node, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", web.CursorUnknown()
	}
	return string(node), nil
}
