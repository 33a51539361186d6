package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// Front returns the handler that stands before all resources of a router. It names the trace, refuses pages of other sites and headers that are too large, answers with a
// problem where the router would answer with a text, and survives faults of handlers, which it logs.
func Front(mux *http.ServeMux, log *slog.Logger) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(Refusing(NewProblem(http.StatusForbidden, CodeCrossOrigin, "A page of another site may not ask this.")))
	routed := foreign.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { route(mux, w, r) }))
	return http.HandlerFunc(func(plain http.ResponseWriter, r *http.Request) {
		w := &answering{ResponseWriter: plain}
		r = r.WithContext(beginTrace(r.Context(), w.Header()))
		defer survive(w, r, log)
		if size := headerSize(r); size > maxHeader {
			Refusing(NewProblem(http.StatusRequestHeaderFieldsTooLarge, CodeHeaderTooLarge, fmt.Sprintf("The header of the request has %d bytes. At most %d are read.", size, maxHeader)))(w, r)
			return
		}
		routed.ServeHTTP(w, r)
	})
}

// maxHeader is how many bytes the address and the header fields of a request may have.
const maxHeader = 16 << 10

// headerSize returns how many bytes of address and header fields a request has, without what separates them.
func headerSize(r *http.Request) int {
	size := len(r.RequestURI) + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size
}

// survive answers with a problem if a handler has panicked: it is a fault of ours, and others go on.
func survive(w *answering, r *http.Request, log *slog.Logger) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, _ := fault.(error); errors.Is(err, http.ErrAbortHandler) || w.begun {
		panic(http.ErrAbortHandler)
	}
	log.ErrorContext(r.Context(), "a request has met a fault", "error.message", fault, "error.stack_trace", string(debug.Stack()), "trace.id", TraceOf(r.Context()))
	Refusing(NewProblem(http.StatusInternalServerError, CodeInternal, "This is a fault of ours. Tell us the trace_id."))(w, r)
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
		Refusing(NewProblem(would.status, CodeMethodNotAllowed, "Use one of: "+would.header.Get("Allow")+"."))(w, r)
		return
	}
	Refusing(NewProblem(http.StatusNotFound, CodeNotFound, "There is no such place. /openapi.json lists all."))(w, r)
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
