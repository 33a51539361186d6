package client_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/socket/message"
)

// A SoupBinTCP client of another maker logs in with our packets and sends. Its connection is cut within packets and between them.
// It reads the session to its end without a gap or a repeat.
func TestNassauReadsUs(t *testing.T) {
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatal("java is missing: apt-get install -y openjdk-17-jdk-headless maven")
	}
	server := newCore(t, func(c *core) { c.scissors, c.last = growing([]int{60, 400, 1000, 47, 350}), 1 })
	defer server.close()
	server.publish(200)
	request := check("L-1")
	request.Sequence = 1
	payload, err := message.AppendRequest(nil, request)
	if err != nil {
		t.Fatal(err)
	}
	got := runNassau(t, server, payload)
	server.mu.Lock()
	defer server.mu.Unlock()
	var want []string
	for i, sent := range server.stream {
		want = append(want, fmt.Sprintf("%d %x", i+1, sent))
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 201 {
		t.Errorf("%d messages\n-sent +read\n%s", len(got), diff)
	}
	if len(server.logins) < 5 || !slices.Equal(server.taken, []string{"L-1"}) {
		t.Errorf("%d logins, taken %v", len(server.logins), server.taken)
	}
	if l := server.logins[0]; l.Username != "alpha" || l.Password != "tunafish" || l.Session != session || l.Next != 1 {
		t.Errorf("first login %v", l)
	}
}

// runNassau returns what the client read, a message a line.
func runNassau(t *testing.T, server *core, greeting []byte) []string {
	t.Helper()
	_, port, err := net.SplitHostPort(server.addr())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, "../../../scripts/testbench/nassau/run", port, "alpha", "tunafish", session, hex.EncodeToString(greeting))
	var errors strings.Builder
	run.Stderr = &errors
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errors.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
