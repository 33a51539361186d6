package gatewaytest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"fxcore/lambda/testkit"
)

// patience bounds the wait for something that a gateway does within a moment.
const patience = time.Minute

// Log has the whole log of a gateway.
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

// Tail returns the last n bytes of the log.
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

// LoggedTimes waits until exactly want lines of the log have all the words. The log comes by a pipe, later than the gateway's
// answers.
func (g *Gateway) LoggedTimes(want int, words ...string) {
	g.T.Helper()
	n := 0
	testkit.Eventually(g.T, strings.Join(words, " … "), patience, func() error {
		if n = g.lines(words); n < want {
			return fmt.Errorf("%d times in the log, want %d", n, want)
		}
		return nil
	})
	if n > want {
		g.T.Errorf("%s: %d times in the log, want %d", strings.Join(words, " … "), n, want)
	}
}

func (g *Gateway) lines(words []string) (n int) {
	for line := range strings.Lines(g.Log.String()) {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			n++
		}
	}
	return n
}
