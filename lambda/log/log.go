// Package log makes slog loggers that write JSON in the Elastic Common Schema (ECS 8.11), one object a line.
//
// An entry that is about a message says so ([About], [Into]). Secrets are masked before an entry reaches anything: by the key of an
// attribute, and by the forms of secrets within texts. A [Buffer] keeps the lines that are to be sent elsewhere.
//
// Attribute keys are ECS field names in their dotted form ("event.action", "trace.id", "labels.queue"). A value of type error
// may have any key; it is written as the object "error" with the fields message and type.
package log

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// ecsVersion is the schema that the field names follow.
const ecsVersion = "8.11.0"

// New returns the logger of a program. Every entry says which service and which of its replicas wrote it.
func New(w io.Writer, service, replica string, level slog.Leveler) *slog.Logger {
	handler := slog.NewJSONHandler(masking{w}, &slog.HandlerOptions{Level: level, ReplaceAttr: toECS})
	return slog.New(telling{handler}).With(
		slog.String("ecs.version", ecsVersion),
		slog.String("service.name", service),
		slog.String("service.node.name", replica),
		slog.String("service.version", Version()),
		slog.String("event.dataset", service+".log"),
	)
}

// Named returns a logger whose entries say which part of the program wrote them.
func Named(l *slog.Logger, part string) *slog.Logger {
	return l.With(slog.String("log.logger", part))
}

// Error is the attribute for an error.
func Error(err error) slog.Attr { return slog.Any("error", err) }

// toECS gives slog's built-in fields, errors and durations their ECS names and forms. It leaves attributes inside a group as
// they are.
func toECS(groups []string, a slog.Attr) slog.Attr {
	if isSecret(a) {
		return slog.String(a.Key, masked)
	}
	a = bounded(a)
	if len(groups) > 0 {
		return a
	}
	switch a.Key {
	case slog.TimeKey:
		return slog.String("@timestamp", a.Value.Time().UTC().Format("2006-01-02T15:04:05.000000Z07:00"))
	case slog.LevelKey:
		return slog.String("log.level", strings.ToLower(a.Value.String()))
	case slog.MessageKey:
		return slog.Attr{Key: "message", Value: a.Value}
	}
	switch value := a.Value.Any().(type) {
	case error:
		return slog.Group("error", slog.String("message", value.Error()), slog.String("type", fmt.Sprintf("%T", value)))
	case time.Duration:
		return slog.Int64(a.Key, value.Nanoseconds()) // ECS' unit, as in event.duration
	}
	return a
}
