package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/socket/message"
)

// A SoupBinTCP client that is not ours logs in to this gateway, asks for a trade, loses its connection several times, and reads
// the session to its end without a gap or a repeat.
func TestNassauTradesWithUs(t *testing.T) {
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatal("java is missing: apt-get install -y openjdk-17-jdk-headless maven")
	}
	g := startGateway(t)
	startCore(t, g.broker)
	c := login(t, g.address, "alpha", "S1", 1) // 40 answers before it comes
	for i := range uint64(20) {
		c.send(trade(i+1, fmt.Sprint("N-", i)))
	}
	for range 40 {
		c.answer()
	}
	g.stop()
	for i, setting := range g.env { // the session ends, so that its reader does
		if strings.HasPrefix(setting, "SOCKET_PROVIDERS=") {
			g.env[i] = "SOCKET_PROVIDERS=" + providersOf([]string{providerEntry("ALPHA", `,"session":2`)})
		}
	}
	g.start()
	greeting, err := message.AppendRequest(nil, &message.StatusRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := readByNassau(t, scissors(t, g.address), "S1", greeting)
	if len(got) != 40 {
		t.Fatalf("%d messages", len(got))
	}
	for i, line := range got {
		if want := fmt.Sprintf("%d %s", i+1, hex.EncodeToString(c.shown[i])); line != want {
			t.Errorf("got  %s\nwant %s", line, want)
		}
	}
}

// scissors is a way to an address whose first connections are cut after ever more bytes, within packets and between them.
func scissors(t *testing.T, address string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	open.Go(func() {
		for bytes := int64(40); ; bytes *= 2 {
			in, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { cutAfter(in, address, bytes) })
		}
	})
	return l.Addr().String()
}

func cutAfter(in net.Conn, address string, bytes int64) {
	defer in.Close()
	out, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer out.Close()
	go func() { _, _ = io.Copy(out, in) }()
	_, _ = io.CopyN(in, out, bytes)
}

// readByNassau returns what the client read, a message a line.
func readByNassau(t *testing.T, address, session string, greeting []byte) []string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, "../../scripts/nassau/run", port, "alpha", "secret", session, hex.EncodeToString(greeting))
	var complaints strings.Builder
	run.Stderr = &complaints
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
