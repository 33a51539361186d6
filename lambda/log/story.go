package log

import (
	"context"
	"log/slog"

	"fxcore/lambda/event"
)

// Parts of a traceparent (W3C trace context): 00-<trace id>-<span id>-<flags>.
const (
	traceparentLength  = 55
	traceFrom, traceTo = 3, 35
	spanFrom, spanTo   = 36, 52
)

// About is the attribute for the event that an entry is about. It writes several fields: the business object whose story the event
// belongs to (labels.correlation), the story's trace (trace.id), the event's span in it (transaction.id, as the trace shows it), and
// the event's id and type.
func About(e event.Event) slog.Attr {
	return slog.Attr{Value: slog.GroupValue(about(e)...)}
}

func about(e event.Event) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("labels.correlation", e.Correlation), slog.String("event.id", e.ID), slog.String("event.type", e.Type.String()),
	}
	return append(attrs, traced(e.Traceparent)...)
}

// traced are the fields of a traceparent; none if it has not the form of one.
func traced(traceparent string) []slog.Attr {
	if len(traceparent) != traceparentLength {
		return nil
	}
	return []slog.Attr{
		slog.String("trace.id", traceparent[traceFrom:traceTo]), slog.String("transaction.id", traceparent[spanFrom:spanTo]),
	}
}

// storyKey is the key of a context's story.
type storyKey struct{}

// Into returns a context for the handling of one event: entries that are logged with it are about that event (see [About]).
func Into(ctx context.Context, e event.Event) context.Context {
	return context.WithValue(ctx, storyKey{}, about(e))
}

// Traced is Into for a request that is no event: entries have the trace and the span of its traceparent.
func Traced(ctx context.Context, traceparent string) context.Context {
	return context.WithValue(ctx, storyKey{}, traced(traceparent))
}

// telling adds the story of the context to each entry, unless the entry names one itself.
type telling struct{ slog.Handler }

func (t telling) Handle(ctx context.Context, r slog.Record) error {
	if story, ok := ctx.Value(storyKey{}).([]slog.Attr); ok && !names(r) {
		r = r.Clone()
		r.AddAttrs(story...)
	}
	return t.Handler.Handle(ctx, r)
}

// names tells whether an entry says by itself what it is about.
func names(r slog.Record) (told bool) {
	r.Attrs(func(a slog.Attr) bool {
		told = told || a.Key == "trace.id" || a.Key == "" && a.Value.Kind() == slog.KindGroup
		return !told
	})
	return told
}

func (t telling) WithAttrs(attrs []slog.Attr) slog.Handler {
	return telling{t.Handler.WithAttrs(attrs)}
}

func (t telling) WithGroup(name string) slog.Handler { return telling{t.Handler.WithGroup(name)} }
