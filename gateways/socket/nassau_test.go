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

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/socket/message"
)

// A SoupBinTCP client of another maker logs in to this gateway, trades, and loses its connection again and again. Each time it
// goes on without a gap or a repeat in what it reads. Each request is answered once.
func TestNassauTradesWithUs(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	var requests strings.Builder
	for i := range uint64(200) {
		request, err := message.AppendRequest(nil, trade(i+1, fmt.Sprint("N-", i)))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&requests, hex.EncodeToString(request))
	}
	got := tradeByNassau(t, scissors(t, g.Address), requests.String())
	pending, ended := map[string]int{}, map[string]int{}
	for i, line := range got {
		number, payload, _ := strings.Cut(line, " ")
		raw, err := hex.DecodeString(payload)
		if err != nil || number != fmt.Sprint(i+1) {
			t.Fatalf("line %d is %q", i+1, line)
		}
		answer, err := message.ParseAnswer(raw)
		if err != nil {
			t.Fatal(err)
		}
		switch reference := answer.Head().Reference; answer.Type() {
		case message.TypePending:
			pending[reference]++
		case message.TypeStatus:
		default:
			if ended[reference]++; pending[reference] == 0 {
				t.Errorf("%s ended before it was pending", reference)
			}
		}
	}
	for i := range 200 {
		if reference := fmt.Sprint("N-", i); pending[reference] != 1 || ended[reference] != 1 {
			t.Errorf("%s was %d times pending and ended %d times", reference, pending[reference], ended[reference])
		}
	}
}

// scissors relays to an address. It cuts the first connections after more and more bytes, within packets and between them.
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

// tradeByNassau makes the client send requests. It returns what the client read, a message a line.
func tradeByNassau(t *testing.T, address, requests string) []string {
	t.Helper()
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatal("java is missing: apt-get install -y openjdk-17-jdk-headless maven")
	}
	question, err := message.AppendRequest(nil, &message.StatusRequest{})
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, "../../scripts/testbench/nassau/run", port, "alpha", "secret", "S1", hex.EncodeToString(question), "trade")
	var complaints strings.Builder
	run.Stdin, run.Stderr = strings.NewReader(requests), &complaints
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
