package log_test

import (
	"bytes"
	"log/slog"
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/lambda/testkit"
)

func story(t *testing.T, name string) event.Event {
	t.Helper()
	e, err := event.New(event.Type{Name: "thing.asked", Version: 1}, event.NewID(testkit.Day, name), "here", name, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAnEntryAboutAnEventHasItsStory(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := story(t, "S-1")
	logger := log.New(&out, "service", "service-1", slog.LevelInfo)
	logger.Info("by an attribute", log.About(e))
	logger.InfoContext(log.Into(t.Context(), e), "by the context")
	log.Named(logger, "part").InfoContext(log.Into(t.Context(), story(t, "other")), "both: the attribute counts", log.About(e))
	for line := range bytes.Lines(out.Bytes()) {
		entry := decode(t, line)
		if entry["labels.correlation"] != "S-1" || entry["trace.id"] != event.TraceID("S-1") || entry["transaction.id"] != e.Traceparent[36:52] ||
			entry["event.id"] != e.ID || entry["event.type"] != "thing.asked.v1" {
			t.Errorf("%s", line)
		}
		if bytes.Count(line, []byte("trace.id")) != 1 {
			t.Errorf("told twice: %s", line)
		}
	}
}

func TestARequestHasItsTrace(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := story(t, "S-1")
	log.New(&out, "s", "r", slog.LevelInfo).InfoContext(log.Traced(t.Context(), e.Traceparent), "m")
	log.New(&out, "s", "r", slog.LevelInfo).InfoContext(log.Traced(t.Context(), "nonsense"), "m")
	lines := bytes.SplitAfter(out.Bytes(), []byte("\n"))
	if decode(t, lines[0])["trace.id"] != event.TraceID("S-1") || decode(t, lines[1])["trace.id"] != nil {
		t.Errorf("%s", out.String())
	}
}
