package run_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/testkit"
)

// shelf keeps the lines that were shipped.
type shelf struct {
	mu    sync.Mutex
	lines []string
	ids   []string
}

func (s *shelf) take(_ context.Context, posts []amqp.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range posts {
		s.ids = append(s.ids, p.ID)
		s.lines = append(s.lines, strings.Split(strings.TrimSpace(string(p.Body)), "\n")...)
	}
	return nil
}

func (s *shelf) has(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if all := strings.Join(s.lines, "\n"); !strings.Contains(all, text) {
		return fmt.Errorf("no %q in %s", text, all)
	}
	return nil
}

// What a program logs before the broker is there, while it runs and when it is told to stop arrives in the queue of log lines, without
// secrets. Standard output has it, too.
func TestAProgramsLinesAreShipped(t *testing.T) {
	proxy, url := testkit.Through(t, testkit.AMQP(t))
	proxy.Cut()
	app, out := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	app.Bus(amqp.Config{URL: url}, topology)
	app.Log.Info("before the broker is there", "labels.password", "tuna")
	ended := make(chan int, 1)
	go func() { ended <- app.Live(ctx) }()
	proxy.Heal()
	testkit.Eventually(t, "readiness", 30*time.Second, func() error {
		if status := app.Health.Status(ctx); !status.Ready {
			return fmt.Errorf("%v", status.Reasons)
		}
		return nil
	})
	app.Log.Info("while it runs")
	cancel()
	if code := <-ended; code != 0 {
		t.Fatalf("exit code %d", code)
	}
	kept := &shelf{}
	bus := amqptest.Open(t, amqp.Config{URL: url}, amqp.Topology{Service: "reader"})
	testkit.Background(t, func(ctx context.Context) error { return bus.Receive(ctx, amqp.LogQueue, kept.take) })
	for _, text := range []string{"before the broker is there", "while it runs", `"message":"stopping"`} {
		testkit.Eventually(t, text, 30*time.Second, func() error { return kept.has(text) })
		if !strings.Contains(out.String(), text) {
			t.Errorf("standard output lacks %q", text)
		}
	}
	if !strings.HasPrefix(kept.ids[0], "service/one/") || !strings.HasSuffix(kept.ids[0], "/1") {
		t.Errorf("ids %v", kept.ids)
	}
	if kept.has("tuna") == nil {
		t.Error("a secret has left the program")
	}
}
