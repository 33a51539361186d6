package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

// This instance gets the lease back while the old engine cannot end: the session's goroutine stands still, as on a machine without
// processor time. The new engine serves at once. When the old one has ended, quickfix knows neither.
func TestAnEngineDoesNotWaitForTheEndOfTheOneBefore(t *testing.T) {
	pool := postgrestest.Schema(t, store.Migrations)
	still := &standstill{Handler: testkit.Log(t).Handler(), at: "Received logon request", reached: make(chan struct{}), over: make(chan struct{})}
	first := startWith(t, pool, 1, slog.New(still))
	logsOn(t, first, 1, func() { <-still.reached })
	impatient, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := first.Close(impatient); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the first engine ended: %v", err)
	}
	second := startOn(t, pool, 2) // fails if the engine does not start
	logsOn(t, second, 1, nil)
	close(still.over)
	testkit.Eventually(t, "the first engine has ended", time.Minute, func() error {
		if left := engine.Registered(first); len(left) > 0 {
			return fmt.Errorf("still registered: %v", left)
		}
		return nil
	})
	if err := second.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if left := engine.Registered(second); len(left) > 0 {
		t.Errorf("still registered: %v", left)
	}
}

// logsOn logs the provider on. Instead of the answer it awaits until, if that is given.
func logsOn(t *testing.T, e *engine.Engine, seq int, until func()) {
	t.Helper()
	conn, err := e.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.Write(sent(seq, "A", "98=0|108=30|553=u|554=p|")); err != nil {
		t.Fatal(err)
	}
	if until != nil {
		until()
		return
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	reply := make([]byte, 200)
	n, err := conn.Read(reply)
	if err != nil || string(wire.Value(reply[:n], "35=")) != "A" {
		t.Errorf("%q, error %v", reply[:n], err)
	}
}

// standstill is a log that makes the goroutine stand still that writes a certain event, once.
type standstill struct {
	slog.Handler

	at            string
	once          sync.Once
	reached, over chan struct{}
}

func (s *standstill) Enabled(context.Context, slog.Level) bool { return true }

func (s *standstill) WithAttrs([]slog.Attr) slog.Handler { return s }

func (s *standstill) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if strings.HasPrefix(a.Value.String(), s.at) {
			s.once.Do(func() {
				close(s.reached)
				<-s.over
			})
		}
		return true
	})
	return nil
}

// A resend ends with the connection that asked for it. The session is free for the next one.
func TestAResendEndsWithItsConnection(t *testing.T) {
	e := start(t)
	const kept = 2_000
	for range kept {
		if err := e.Send(answer(), &store.Cause{}); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := e.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var asked bytes.Buffer
	asked.Write(sent(1, "A", "98=0|108=30|553=u|554=p|"))
	const requests = 60
	for n := range requests {
		asked.Write(sent(n+2, "2", "7=1|16=0|"))
	}
	if _, err := conn.Write(asked.Bytes()); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 1)
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadFull(conn, first); err != nil { // the engine works
		t.Fatal(err)
	}
	e.Gone()
	if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(conn) // until the engine disconnects
	if resent := bytes.Count(rest, []byte("\x0143=Y\x01")); resent >= requests*kept {
		t.Errorf("all %d messages were sent again to nobody", resent)
	}
	_ = conn.Close()
	next, err := e.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = next.Close() }()
	if _, err := next.Write(sent(100, "A", "98=0|108=30|553=u|554=p|")); err != nil {
		t.Fatal(err)
	}
	_ = next.SetReadDeadline(time.Now().Add(time.Minute))
	reply := make([]byte, 200)
	n, err := next.Read(reply)
	if err != nil || string(wire.Value(reply[:n], "35=")) != "A" {
		t.Errorf("%q, error %v", reply[:n], err)
	}
}

// sent is a message of the provider.
func sent(seq int, msgType, body string) []byte {
	now := time.Now().UTC().Format("20060102-15:04:05")
	fields := fmt.Sprintf("35=%s|49=ENGINE|56=FXCORE|34=%d|52=%s|%s", msgType, seq, now, body)
	return wire.Build("FIX.4.4", bytes.ReplaceAll([]byte(fields), []byte("|"), []byte{1}))
}
