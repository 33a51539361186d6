package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
)

// This instance gets the lease back while the old engine still stops: the new engine waits for its end, and then serves.
func TestAnEngineWaitsForTheEndOfTheOneBefore(t *testing.T) {
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, store.Migrations); err != nil {
		t.Fatal(err)
	}
	first := startOn(t, pool, 1)
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if err := first.Close(impatient); err == nil {
		t.Log("the first engine ended before its end could be given up")
	}
	second := startOn(t, pool, 2) // fails if the engine does not start
	conn, err := second.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
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
