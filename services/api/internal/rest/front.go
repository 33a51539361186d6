package rest

import (
	"errors"
	"net/http"
	"runtime/debug"
)

// front stands before all resources: it names the trace, and answers with a problem where the router would answer with a text.
func (c Core) front(mux *http.ServeMux) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(refusing(problem(http.StatusForbidden, codeCrossOrigin, "A page of another site may not ask this.")))
	routed := foreign.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { route(mux, w, r) }))
	return http.HandlerFunc(func(plain http.ResponseWriter, r *http.Request) {
		w := &answering{ResponseWriter: plain}
		r = r.WithContext(beginTrace(r.Context(), w.Header()))
		defer c.survive(w, r)
		routed.ServeHTTP(w, r)
	})
}

// survive answers with a problem if a handler has panicked: it is a fault of ours, and others go on.
func (c Core) survive(w *answering, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, _ := fault.(error); errors.Is(err, http.ErrAbortHandler) || w.begun {
		panic(http.ErrAbortHandler)
	}
	c.Log.ErrorContext(r.Context(), "a request has met a fault", "error.message", fault, "error.stack_trace", string(debug.Stack()), "trace.id", traceOf(r.Context()))
	refusing(problem(http.StatusInternalServerError, codeInternal, "This is a fault of ours. Tell us the trace_id."))(w, r)
}

// route serves a request, or says that there is no such place, or that the place has no such method.
func route(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	found, pattern := mux.Handler(r)
	if pattern != "" {
		mux.ServeHTTP(w, r)
		return
	}
	would := probe{header: http.Header{}}
	found.ServeHTTP(&would, r)
	if would.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", would.header.Get("Allow"))
		refusing(problem(would.status, codeMethodNotAllowed, "Use one of: "+would.header.Get("Allow")+"."))(w, r)
		return
	}
	refusing(problem(http.StatusNotFound, codeNotFound, "There is no such place. /openapi.json lists all."))(w, r)
}

// refusing returns a handler that answers with a problem.
func refusing(p *Problem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		told := *p
		told.TraceID = traceOf(r.Context())
		w.Header().Set("Content-Type", told.ContentType(""))
		w.WriteHeader(told.Status)
		_, _ = w.Write(told.text()) // the client may have gone
	}
}

// answering knows whether an answer has begun.
type answering struct {
	http.ResponseWriter

	begun bool
}

// WriteHeader implements http.ResponseWriter.
func (a *answering) WriteHeader(status int) {
	a.begun = true
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answering) Write(b []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(b) //nolint:wrapcheck // it stands for the writer
}

// Unwrap lets http.ResponseController reach the writer.
func (a *answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// probe takes what the router would answer.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) WriteHeader(status int)      { p.status = status }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
