package gatewaytest

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// patience is for what a gateway does by itself in a moment.
const patience = 20 * time.Second

// Log is all that a gateway has said.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *Log) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *Log) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// Tail is the end of it.
func (b *Log) Tail(n int) string {
	all := b.String()
	return all[max(0, len(all)-n):]
}

// Logged waits for a line of the log.
func (g *Gateway) Logged(what string) {
	g.T.Helper()
	testkit.Eventually(g.T, what, patience, func() error {
		if !strings.Contains(g.Log.String(), what) {
			return errors.New("not in the log")
		}
		return nil
	})
}

// Lines counts those of the log that have all the words.
func (g *Gateway) Lines(words ...string) (n int) {
	for line := range strings.Lines(g.Log.String()) {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			n++
		}
	}
	return n
}

// FreeAddress is one where nobody listens.
func FreeAddress(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
