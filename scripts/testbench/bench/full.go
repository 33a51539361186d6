package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/bench/internal/settings"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/stores"
)

// catchUp is how long the journal may need after the load until it has everything.
const catchUp = 10 * time.Minute

// errIncomplete says that the journal lacks messages or spans.
var errIncomplete = errors.New("the journal has not caught up")

// compare waits until the journal has all messages, and compares the run with the one beside. The journal had kept so many when the load began.
func (b *bench) compare(ctx context.Context, kept float64, began time.Time) error {
	b.say("waiting for the journal")
	if err := b.report.Compare(b.cfg.Beside); err != nil {
		return err
	}
	j, took, err := caughtUp(ctx, b.cfg)
	f := b.report.Full
	f.Messages, f.Spans, f.CaughtUp = j.Messages, j.Spans, took.Seconds()
	f.SpansMissing, f.Incomplete = j.SpansMissing+len(j.Unkept), err != nil
	now, unknown := b.kept(ctx)
	f.MessagesPerSecond = (now - kept) / time.Since(began).Seconds()
	return errors.Join(err, unknown)
}

// running is the core that is measured.
func running(cfg settings.Settings) (*stack.Stack, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	return &stack.Stack{Folder: cfg.Folder, Bin: filepath.Dir(self)}, nil
}

// caughtUp waits until the journal has every message that a service has handled. It returns what the journal has, and how long that took.
func caughtUp(ctx context.Context, cfg settings.Settings) (j oracle.Journal, took time.Duration, err error) {
	s, err := running(cfg)
	if err != nil {
		return j, 0, err
	}
	for began := time.Now(); ; {
		if j, err = stores.Journal(ctx, s, cfg.Postgres); err == nil && complete(j) {
			return j, time.Since(began), nil
		}
		if time.Since(began) > catchUp || !pause.For(ctx, time.Second) {
			return j, time.Since(began), errors.Join(err, fmt.Errorf("%w: %d messages, %d spans, %d without a span, lacks %v", errIncomplete,
				j.Messages, j.Spans, j.SpansMissing, j.Unkept))
		}
	}
}

func complete(j oracle.Journal) bool {
	return len(j.Unkept)+len(j.Doubled)+j.SpansMissing+j.SpansExtra == 0
}

// kept returns how many messages tracing has taken into the journal since it started.
func (b *bench) kept(ctx context.Context) (all float64, err error) {
	if b.cfg.Beside == "" {
		return 0, nil // nothing is compared
	}
	for _, p := range b.cfg.Processes {
		if p.Name != "tracing" {
			continue
		}
		n, err := appended(ctx, p.Health)
		if err != nil {
			return 0, err
		}
		all += n
	}
	return all, nil
}

func appended(ctx context.Context, health string) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, health+"/status", nil)
	if err != nil {
		return 0, fmt.Errorf("ask tracing: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("ask tracing: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var status struct {
		Counters map[string]float64 `json:"counters"`
	}
	if err := json.NewDecoder(response.Body).Decode(&status); err != nil {
		return 0, fmt.Errorf("read what tracing says: %w", err)
	}
	return status.Counters["journal.appended"], nil
}
