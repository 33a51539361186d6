package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
)

// traceHeader is the header of every answer that names the trace of the request.
const traceHeader = "Trace-Id"

// traceKey is where a request's context holds the headers of its answer.
type traceKey struct{}

// beginTrace names a new trace in the headers of an answer. A request that leads to a message takes the message's trace later: see Follow.
func beginTrace(ctx context.Context, answer http.Header) context.Context {
	drawn := make([]byte, 16)
	_, _ = rand.Read(drawn) // never fails
	answer.Set(traceHeader, hex.EncodeToString(drawn))
	return context.WithValue(ctx, traceKey{}, answer)
}

// Follow names the trace of a message, or of what the request is about, in the answer to the request.
func Follow(ctx context.Context, trace string) {
	if answer, ok := ctx.Value(traceKey{}).(http.Header); ok {
		answer.Set(traceHeader, trace)
	}
}

// TraceOf returns the trace that the answer names.
func TraceOf(ctx context.Context) string {
	answer, _ := ctx.Value(traceKey{}).(http.Header)
	return answer.Get(traceHeader)
}
