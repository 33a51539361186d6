// Package rest shows traces and the journal by HTTP, to whoever has the right.
//
//	GET /v1/traces                the newest stories that fit: trade, reference, client, from, to, service, outcome, longer, limit
//	GET /v1/traces/{story}        a story as a waterfall: its spans, and its messages' data by right
//	GET /v1/journal?story=        the records of a story, with their places and hashes
//	GET /v1/journal/chains        the chains: their days, ends and anchors
//	GET /v1/audit                 what happened to security, the newest first: what, who, address, about, outcome, from, to, before, limit
//	GET /v1/audit/chain           where the audit's chain ends, and whether it is what was written
package rest

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/steps/audit"
	"fxcore/services/tracing/internal/store"
)

// The rights that callers need.
const (
	ViewTraces   = "operations.view"
	ViewJournal  = "journal.view"
	ViewOriginal = "original.view" // to see the data of messages
	ReadAudit    = "audit.read"
)

// Guard lets a request pass to next if its caller has the right, and answers it otherwise.
type Guard func(right string, next http.Handler) http.Handler

// Server answers questions about traces and the journal.
type Server struct {
	Store interface {
		store.Reader
		store.Auditor
		store.Keys
	}
	Trail interface {
		Audit(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, error)
	}
	Watch interface{ State() audit.State }
	Guard Guard
	May   func(ctx context.Context, right string) bool // whether the caller of a request that has passed has another right
	Log   *slog.Logger
}

// Handler returns the handler of all resources.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, r := range map[string]struct {
		right  string
		answer func(*http.Request) (any, error)
	}{
		"GET /v1/traces":         {ViewTraces, s.traces},
		"GET /v1/traces/{story}": {ViewTraces, s.trace},
		"GET /v1/journal":        {ViewJournal, s.journal},
		"GET /v1/journal/chains": {ViewJournal, s.chains},
		"GET /v1/audit":          {ReadAudit, s.audit},
		"GET /v1/audit/chain":    {ReadAudit, s.auditChain},
	} {
		mux.Handle(pattern, s.Guard(r.right, s.answering(r.answer)))
	}
	return mux
}

// problem is an answer of RFC 9457.
type problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

func (p problem) Error() string { return p.Detail }

func invalid(detail string) problem {
	return problem{http.StatusUnprocessableEntity, "Unprocessable Entity", detail, "invalid"}
}

// answering writes what answer returns. An error that is no problem is logged, and the caller is told to come again.
func (s *Server) answering(answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := answer(r)
		status, kind := http.StatusOK, "application/json"
		if err != nil {
			p, known := err.(problem) //nolint:errorlint // made here, never wrapped
			if !known {
				s.Log.WarnContext(r.Context(), "a question about traces is not answered", log.Error(err))
				p = problem{http.StatusServiceUnavailable, "Service Unavailable", "The journal cannot be read now. Ask again.", "unavailable"}
			}
			body, status, kind = p, p.Status, "application/problem+json"
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // the caller has gone
	})
}

// The bounds of a list.
const (
	usual = 50
	most  = 500
)

// query reads the filters of a list.
func query(v url.Values) (q store.Query, err error) {
	q = store.Query{
		Correlation: v.Get("trade"), Reference: v.Get("reference"), Client: v.Get("client"), Service: v.Get("service"), Outcome: v.Get("outcome"),
	}
	if q.From, q.To, err = between(v); err != nil {
		return q, err
	}
	if text := v.Get("longer"); text != "" {
		if q.Longer, err = time.ParseDuration(text); err != nil {
			return q, invalid("longer is no duration as 250ms")
		}
	}
	q.Limit, err = limit(v)
	return q, err
}

// between reads the bounds of a time.
func between(v url.Values) (from, to time.Time, err error) {
	for name, field := range map[string]*time.Time{"from": &from, "to": &to} {
		if text := v.Get(name); text != "" {
			if *field, err = time.Parse(time.RFC3339Nano, text); err != nil {
				return from, to, invalid(name + " is no time as 2026-11-20T15:04:05Z")
			}
		}
	}
	return from, to, nil
}

// limit reads how long a list may be.
func limit(v url.Values) (n int, err error) {
	if v.Get("limit") == "" {
		return usual, nil
	}
	if n, err = strconv.Atoi(v.Get("limit")); err != nil || n < 1 || n > most {
		return 0, invalid(fmt.Sprintf("limit is no number from 1 to %d", most))
	}
	return n, nil
}

func (s *Server) traces(r *http.Request) (any, error) {
	q, err := query(r.URL.Query())
	if err != nil {
		return nil, err
	}
	found, err := s.Store.Search(r.Context(), q)
	if err != nil {
		return nil, err
	}
	list := traceList{Traces: []trace{}}
	for _, f := range found {
		list.Traces = append(list.Traces, traceOf(f))
	}
	return list, nil
}

func (s *Server) story(r *http.Request, name string) ([]journal.Record, error) {
	records, err := s.Store.Story(r.Context(), name)
	if err == nil && len(records) == 0 {
		err = problem{http.StatusNotFound, "Not Found", "The journal has no story with this id.", "unknown"}
	}
	return records, err
}

func (s *Server) trace(r *http.Request) (any, error) {
	records, err := s.story(r, r.PathValue("story"))
	if err != nil {
		return nil, err
	}
	w := waterfall{trace: traceOf(journal.Summary{}.Summarize(records...))}
	for _, record := range records {
		one := spanOf(record, records[0].Begin())
		if one.Data, err = s.data(r.Context(), record); err != nil {
			return nil, err
		}
		w.Spans = append(w.Spans, one)
	}
	return w, nil
}

// data returns what the caller may see of a message's data: nothing without the right.
func (s *Server) data(ctx context.Context, r journal.Record) (json.RawMessage, error) {
	if !s.May(ctx, ViewOriginal) {
		return nil, nil
	}
	key := payload.Key{}
	if r.Client != "" {
		var err error
		if key, err = s.Store.Key(ctx, r.Client); err != nil {
			return nil, err
		}
	}
	return payload.Open(r.Payload, key)
}

func (s *Server) journal(r *http.Request) (any, error) {
	name := r.URL.Query().Get("story")
	if name == "" {
		return nil, invalid("say which story: /v1/journal?story=ID")
	}
	records, err := s.story(r, name)
	if err != nil {
		return nil, err
	}
	list := recordList{}
	for _, record := range records {
		one := recordOf(record)
		if one.Data, err = s.data(r.Context(), record); err != nil {
			return nil, err
		}
		list.Records = append(list.Records, one)
	}
	return list, nil
}

func (s *Server) chains(r *http.Request) (any, error) {
	list := chainList{}
	for chain := range journal.Chains {
		parts, err := s.Store.Parts(r.Context(), chain)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			list.Days = append(list.Days, chainDay{
				Chain: chain, Day: p.Day.Begin().Format(time.DateOnly), Records: p.LastSeq - p.FirstSeq, LastSeq: p.LastSeq, LastHash: hex.EncodeToString(p.LastHash), Anchored: p.Anchored,
			})
		}
	}
	return list, nil
}
