package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/log"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/monitoring/internal/failed"
	"fxcore/services/monitoring/internal/failed/store"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// maxOrder bounds the body of a request, in bytes: an edited message may be as long as one that a queue takes.
const maxOrder = 600 << 10

// newOrder is the body of a request that resolves one entry.
type newOrder struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept, and the core is told"`
	Body   string `json:"body,omitempty" maxLength:"262144" doc:"To replay: the whole event, edited; absent: as it was. The id and the type must stay"`
}

// kind is what a request does, in its names and with its right.
type kind struct {
	word, path, summary string
	action              rights.Action
	discard             bool
}

func kindOf(word string) kind {
	if word == "discard" {
		return kind{word, "discards", "Give up", rights.DiscardErrors, true}
	}
	return kind{word, "replays", "Put back into the queue in which it failed:", rights.ReplayErrors, false}
}

func (d *Desk) resolve(api huma.API, word string) {
	k := kindOf(word)
	huma.Register(api, signin.Guarded(k.action, huma.Operation{
		OperationID: word + "-error", Method: http.MethodPost, Path: "/v1/errors/{id}/" + k.path, Summary: k.summary + " a message that failed", Tags: []string{"errors"},
		DefaultStatus: http.StatusOK, MaxBodyBytes: maxOrder, BodyReadTimeout: roundBound + web.BodyBound,
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
	}), func(ctx context.Context, in *struct {
		EntryPath
		IfMatch string `header:"If-Match" maxLength:"40" doc:"The ETag of the entry as you saw it"`
		Body    newOrder
	},
	) (*entryAnswer, error) {
		version, err := condition(in.IfMatch)
		if err != nil {
			return nil, err
		}
		edited, err := d.edited(ctx, in.ID, version, in.Body.Body, k.discard)
		if err != nil {
			return nil, err
		}
		err = d.Store.Resolve(ctx, in.ID, version, edited, store.Order{By: signin.CallerOf(ctx).User, Note: in.Body.Reason, Discard: k.discard})
		switch {
		case errors.Is(err, store.ErrChanged):
			return nil, changed()
		case err != nil:
			return nil, web.Away(ctx, d.Log, err)
		}
		d.atOnce(ctx)
		return d.entry(ctx, in.ID)
	})
}

func condition(ifMatch string) (version int, err error) {
	if ifMatch == "" {
		return 0, web.NewProblem(http.StatusPreconditionRequired, codeConditionMissing, "Send the ETag of the entry as you saw it: If-Match: <ETag>.")
	}
	version, err = strconv.Atoi(strings.Trim(ifMatch, `"`))
	if err != nil {
		return 0, changed()
	}
	return version, nil
}

func changed() *web.Problem {
	return web.NewProblem(http.StatusPreconditionFailed, codeChanged, "The entry is not as you saw it. Read it again.")
}

// edited checks that an entry may be resolved, and returns the body that stands for its own; nil if none does. The error is a Problem.
func (d *Desk) edited(ctx context.Context, id string, version int, text string, discard bool) ([]byte, error) {
	m, _, err := d.Store.Get(ctx, id)
	switch {
	case errors.Is(err, store.ErrNone):
		return nil, web.NotFound("entry of the error queue")
	case err != nil:
		return nil, web.Away(ctx, d.Log, err)
	case m.Version != version:
		return nil, changed()
	}
	if why := refusal(m.State, m.Queue, discard); why != "" {
		return nil, web.NewProblem(http.StatusConflict, codeNotOpen, why)
	}
	if text == "" {
		return nil, nil
	}
	if discard {
		return nil, web.Wrong("body.body", "a message that is given up has no other content")
	}
	body, err := m.Edit(text)
	if err != nil {
		return nil, web.Wrong("body.body", err.Error())
	}
	return body, nil
}

// refusal says why an entry cannot be resolved; empty if it can.
func refusal(state, queue string, discard bool) string {
	switch {
	case state != failed.Open:
		return "it is " + state
	case queue == "" && !discard:
		return "nobody says in which queue it failed: it can be discarded alone"
	}
	return ""
}

// atOnce hands to the broker what is to be replayed, and tells the core what was resolved. What fails is done by the next round.
func (d *Desk) atOnce(ctx context.Context) {
	d.changed()
	if err := d.Round(ctx); err != nil && !web.Gone(ctx) {
		d.Log.WarnContext(ctx, "what is to be replayed waits", log.Error(err))
	}
}

// newOrders is the body of a request that resolves several entries.
type newOrders struct {
	IDs    []string `json:"ids,omitempty" maxItems:"10000" doc:"Entries; or give a group"`
	Group  string   `json:"group,omitempty" pattern:"^([0-9a-f]{32})?$" doc:"All open entries of the group"`
	DryRun bool     `json:"dry_run,omitempty" doc:"Only say what would be done"`
	Reason string   `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept, and the core is told"`
}

type ordersAnswer struct {
	Body struct {
		Matched       int       `json:"matched"`
		WouldReplay   int       `json:"would_replay" doc:"Of a dry run"`
		WouldDiscard  int       `json:"would_discard" doc:"Of a dry run"`
		Replayed      int       `json:"replayed" doc:"They are safe: the broker gets them within seconds"`
		Discarded     int       `json:"discarded"`
		Skipped       []skipped `json:"skipped" doc:"The first 100"`
		SkippedInAll  int       `json:"skipped_in_all"`
		AlreadyAbsent int       `json:"unknown" doc:"Ids that no entry has"`
	}
}

type skipped struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

const skippedShown = 100

func (d *Desk) resolveAll(api huma.API, word string) {
	k := kindOf(word)
	huma.Register(api, signin.Guarded(k.action, huma.Operation{
		OperationID: word + "-errors", Method: http.MethodPost, Path: "/v1/errors/" + k.path, Summary: k.summary + " messages that failed, several at once",
		Tags: []string{"errors"}, DefaultStatus: http.StatusOK, MaxBodyBytes: maxOrder, BodyReadTimeout: roundBound + web.BodyBound,
		Errors: []int{http.StatusBadRequest},
	}), func(ctx context.Context, in *struct{ Body newOrders }) (*ordersAnswer, error) {
		if (len(in.Body.IDs) == 0) == (in.Body.Group == "") {
			return nil, web.Wrong("body", "give ids or a group")
		}
		ids := known(in.Body.IDs)
		chosen, err := d.Store.Chosen(ctx, ids, in.Body.Group)
		if err != nil {
			return nil, web.Away(ctx, d.Log, err)
		}
		a := &ordersAnswer{}
		wanted := judge(a, chosen, k.discard)
		a.Body.AlreadyAbsent = max(0, len(in.Body.IDs)-len(chosen))
		if in.Body.DryRun {
			a.Body.WouldReplay, a.Body.WouldDiscard = counted(len(wanted), k.discard)
			return a, nil
		}
		n, err := d.Store.ResolveAll(ctx, wanted, "", store.Order{By: signin.CallerOf(ctx).User, Note: in.Body.Reason, Discard: k.discard})
		if err != nil {
			return nil, web.Away(ctx, d.Log, err)
		}
		a.Body.Replayed, a.Body.Discarded = counted(n, k.discard)
		d.atOnce(ctx)
		return a, nil
	})
}

func counted(n int, discard bool) (replay, discarded int) {
	if discard {
		return 0, n
	}
	return n, 0
}

// judge returns the ids that can be resolved, and notes those that cannot.
func judge(a *ordersAnswer, chosen []store.Choice, discard bool) (ids []string) {
	a.Body.Matched, a.Body.Skipped = len(chosen), []skipped{}
	for _, c := range chosen {
		why := refusal(c.State, c.Queue, discard)
		if why == "" {
			ids = append(ids, c.ID)
			continue
		}
		a.Body.SkippedInAll++
		if len(a.Body.Skipped) < skippedShown {
			a.Body.Skipped = append(a.Body.Skipped, skipped{c.ID, why})
		}
	}
	return ids
}

// known returns the texts that are ids, each once: one that is none would make the database refuse all.
func known(texts []string) (ids []string) {
	seen := map[string]bool{}
	for _, text := range texts {
		if contract.IsID(text) && !seen[text] {
			seen[text] = true
			ids = append(ids, text)
		}
	}
	return ids
}
