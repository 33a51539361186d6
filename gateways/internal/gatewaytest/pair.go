package gatewaytest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// Brief is a lease for a gateway that another one takes over from, or that loses its lease. A busy machine renews it in time, and a
// test can wait for its end.
const Brief = "LEASE_LENGTH=3s"

// Pair is two instances of a gateway on one broker and one database, and a load balancer before them. It routes to the instance
// whose /active/<provider> answers 200.
type Pair struct {
	t    testing.TB
	Both [2]*Gateway
	door net.Listener
}

// StartPair starts two instances. The provider connects to the pair's address.
func (k Kind) StartPair(t testing.TB, provider string) *Pair {
	t.Helper()
	first, second := k.New(t, Brief), k.New(t, Brief)
	second.share(first)
	return startPair(t, provider, first, second)
}

// StartPairBehind starts two instances, the first of which serves the sessions. It reaches the broker through the proxy, and has more
// settings.
func (k Kind) StartPairBehind(t testing.TB, provider string, settings ...string) (*Pair, *testkit.Proxy) {
	t.Helper()
	first, second := k.New(t, append([]string{Brief}, settings...)...), k.New(t, Brief)
	second.share(first)
	proxy := first.Through("AMQP_URL=")
	return startPair(t, provider, first, second), proxy
}

func startPair(t testing.TB, provider string, first, second *Gateway) *Pair {
	t.Helper()
	first.Start()
	second.Start()
	door, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = door.Close() })
	p := &Pair{t: t, Both: [2]*Gateway{first, second}, door: door}
	go p.route(provider)
	return p
}

// share makes the gateway start beside another one: passive, on the same broker and database.
func (g *Gateway) share(other *Gateway) {
	g.Broker, g.Passive = other.Broker, true
	for i, setting := range g.Env {
		for j, theirs := range other.Env {
			name, _, _ := strings.Cut(setting, "=")
			if (name == "AMQP_URL" || name == "POSTGRES_URL") && strings.HasPrefix(theirs, name+"=") {
				g.Env[i] = other.Env[j]
			}
		}
	}
}

// Address returns the address of the load balancer.
func (p *Pair) Address() string { return p.door.Addr().String() }

// route forwards connections until the load balancer is closed.
func (p *Pair) route(provider string) {
	for {
		in, err := p.door.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = in.Close() }()
			g := p.look(provider)
			if g == nil {
				return
			}
			out, err := new(net.Dialer).DialContext(context.Background(), "tcp", g.Address)
			if err != nil {
				return
			}
			defer func() { _ = out.Close() }()
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			_, _ = io.Copy(in, out)
		}()
	}
}

// Active waits until an instance serves a provider's session.
func (p *Pair) Active(provider string) *Gateway {
	p.t.Helper()
	var now *Gateway
	testkit.Eventually(p.t, "an instance to serve "+provider, patience, func() error {
		if now = p.look(provider); now == nil {
			return errors.New("none does")
		}
		return nil
	})
	return now
}

// look returns the instance that serves a provider's session, or nil.
func (p *Pair) look(provider string) *Gateway {
	client := http.Client{Timeout: time.Second} // an instance may be frozen
	for _, g := range p.Both {
		answer, err := client.Get("http://" + g.Health + "/active/" + provider) //nolint:noctx // bounded by the client
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

// Other returns the other instance of the pair.
func (p *Pair) Other(g *Gateway) *Gateway {
	if g == p.Both[0] {
		return p.Both[1]
	}
	return p.Both[0]
}

// TakenFrom waits until the other instance serves the session.
func (p *Pair) TakenFrom(old *Gateway, provider string) *Gateway {
	p.t.Helper()
	var now *Gateway
	testkit.Eventually(p.t, "the takeover", patience, func() error {
		if now = p.look(provider); now == nil || now == old {
			return fmt.Errorf("nobody else serves %s", provider)
		}
		return nil
	})
	return now
}
