package log_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/log"
)

func TestAnEntryIsECS(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := log.Named(log.New(&out, "service", "service-1", slog.LevelInfo), "part")
	logger.Warn("something happened", log.Error(fmt.Errorf("open: %w", fs.ErrNotExist)),
		slog.Duration("event.duration", 3*time.Millisecond), slog.String("labels.queue", "q"))
	got := decode(t, out.Bytes())
	if _, err := time.Parse(time.RFC3339Nano, fmt.Sprint(got["@timestamp"])); err != nil {
		t.Errorf("@timestamp: %v", err)
	}
	delete(got, "@timestamp")
	delete(got, "service.version")
	want := map[string]any{
		"log.level": "warn", "message": "something happened", "ecs.version": "8.11.0", "log.logger": "part",
		"service.name": "service", "service.node.name": "service-1", "event.dataset": "service.log",
		"error":          map[string]any{"message": "open: file does not exist", "type": "*fmt.wrapError"},
		"event.duration": float64(3_000_000), "labels.queue": "q",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("entry (-want +got):\n%s", diff)
	}
}

func TestErrorsUnderAnyKeyBecomeTheErrorObject(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log.New(&out, "s", "r", slog.LevelInfo).Error("failed", "err", errors.New("why"))
	got, _ := decode(t, out.Bytes())["error"].(map[string]any)
	if got["message"] != "why" {
		t.Fatalf("error object: %v", got)
	}
}

func TestEntriesBelowTheLevelAreDropped(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	level := new(slog.LevelVar)
	logger := log.New(&out, "s", "r", level)
	logger.Debug("not yet")
	if out.Len() > 0 {
		t.Fatalf("wrote %s", out.String())
	}
	level.Set(slog.LevelDebug) // a level may change while the program runs
	logger.Debug("now")
	if decode(t, out.Bytes())["message"] != "now" {
		t.Fatalf("wrote %s", out.String())
	}
}

func TestGroupedAttributesKeepTheirNames(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log.New(&out, "s", "r", slog.LevelInfo).Info("m", slog.Group("labels", "time", "t", "level", "l"))
	want := map[string]any{"time": "t", "level": "l"}
	if diff := cmp.Diff(want, decode(t, out.Bytes())["labels"]); diff != "" {
		t.Fatal(diff)
	}
}

func decode(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var entry map[string]any
	if err := json.Unmarshal(text, &entry); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return entry
}
