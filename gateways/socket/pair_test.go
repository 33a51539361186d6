package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// brief is a lease as in production, for a gateway that another one is to take over from, or that is to start again soon.
const brief = "LEASE_LENGTH=1200ms"

// pair is two instances of the gateway on one broker and one database, and a door that routes as a load balancer does:
// to the one whose /active/<provider> answers 200.
type pair struct {
	t    testing.TB
	both [2]*testGateway
	door net.Listener
}

func startPair(t testing.TB, provider string) *pair {
	t.Helper()
	first := startGateway(t, brief)
	second := newGateway(t)
	second.broker, second.passive = first.broker, true
	for i, setting := range second.env {
		for j, other := range first.env {
			name, _, _ := strings.Cut(setting, "=")
			if (name == "AMQP_URL" || name == "POSTGRES_URL") && strings.HasPrefix(other, name+"=") {
				second.env[i] = first.env[j]
			}
		}
	}
	second.start()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = door.Close() })
	p := &pair{t: t, both: [2]*testGateway{first, second}, door: door}
	go p.route(provider)
	return p
}

func (p *pair) address() string { return p.door.Addr().String() }

// route serves connections until the door is closed.
func (p *pair) route(provider string) {
	for {
		in, err := p.door.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = in.Close() }()
			g := p.active(provider)
			if g == nil {
				return
			}
			out, err := net.Dial("tcp", g.address)
			if err != nil {
				return
			}
			defer func() { _ = out.Close() }()
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			_, _ = io.Copy(in, out)
		}()
	}
}

// active is the instance that serves a provider's session; nil if none says so.
func (p *pair) active(provider string) *testGateway {
	client := http.Client{Timeout: 200 * time.Millisecond}
	for _, g := range p.both {
		answer, err := client.Get("http://" + g.health + "/active/" + provider) //nolint:noctx // bounded by the client
		if err != nil {
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return g
		}
	}
	return nil
}

func (p *pair) other(g *testGateway) *testGateway {
	if g == p.both[0] {
		return p.both[1]
	}
	return p.both[0]
}

// takenFrom waits until the other instance serves the session.
func (p *pair) takenFrom(old *testGateway, provider string) *testGateway {
	p.t.Helper()
	var now *testGateway
	testkit.Eventually(p.t, "the takeover", 20*time.Second, func() error {
		if now = p.active(provider); now == nil || now == old {
			return fmt.Errorf("nobody else serves %s", provider)
		}
		return nil
	})
	return now
}
