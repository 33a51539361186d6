package main

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/roster"
	"fxcore/gateways/socket/internal/soup"
)

// expectFarewell expects a text for a person, and then the end of the connection.
func (c *rawClient) expectFarewell(text string) {
	c.t.Helper()
	if p := c.packet(); p.Type != soup.TypeDebug || string(p.Payload) != text {
		c.t.Fatalf("packet %q %q, want the debug text %q", p.Type, p.Payload, text)
	}
	c.expectEnd()
}

// deal sends a trade and expects its two answers.
func (c *rawClient) deal(n uint64, reference string) {
	c.t.Helper()
	c.send(trade(n, reference))
	c.expect(fmt.Sprintf("A %d %s, received %d", n, reference, n), fmt.Sprintf("E %d %s, received %d", n, reference, n))
}

// One provider begins another session, one goes, and one comes. A fourth one trades on and notices nothing.
func TestProvidersChangeWhileTheGatewayRuns(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""), providerEntry("BETA", ""), providerEntry("GAMMA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	alpha, beta, gamma := login(t, g.Address, "alpha", "", 1), login(t, g.Address, "beta", "", 1), login(t, g.Address, "gamma", "", 1)
	alpha.deal(1, "A-1")
	beta.deal(1, "B-1")
	gamma.deal(1, "G-1")

	g.Replace(gatewaytest.ProvidersOf(providerEntry("ALPHA", `,"session":2`), providerEntry("GAMMA", ""), providerEntry("DELTA", "")))
	alpha.expectFarewell(roster.AnewText)
	beta.expectFarewell(roster.RemovedText)
	gamma.deal(2, "G-2")
	g.Counter("provider.DELTA.active", 1)
	login(t, g.Address, "delta", "", 1).deal(1, "D-1")

	old := login(t, g.Address, "alpha", "S1", 2)
	if p := old.packet(); p.Type != soup.TypeSequenced {
		t.Errorf("packet %q instead of what S1 has left", p.Type)
	}
	if p := old.packet(); p.Type != soup.TypeEndOfSession {
		t.Errorf("packet %q instead of the end of S1", p.Type)
	}
	login(t, g.Address, "alpha", "S2", 1).deal(2, "A-2") // requests are numbered on
	gone := dial(t, g.Address)
	gone.login(soup.Login{Username: "beta", Password: "secret"})
	gone.expectRejected(soup.NotAuthorised)
	status, err := g.Status()
	if _, shown := status.Counters["provider.BETA.active"]; err != nil || shown || !status.Ready {
		t.Errorf("ready %v, reasons %v; BETA is shown: %v, %v", status.Ready, status.Reasons, shown, err)
	}
	gamma.deal(3, "G-3")

	g.Replace(gatewaytest.ProvidersOf(providerEntry("BETA", ""), providerEntry("GAMMA", ""), providerEntry("DELTA", "")))
	g.Counter("provider.BETA.active", 1) // it comes back, with the numbers that it had
	login(t, g.Address, "beta", "S1", 3).deal(2, "B-2")
	gamma.deal(4, "G-4")
}

// New rules end the session that they would refuse, with a debug packet that says why. A change of the pace ends none.
func TestNewRulesEndTheSessionThatTheyWouldRefuse(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	c := login(t, g.Address, "alpha", "", 1)
	c.deal(1, "A-1")
	paced := providerEntry("ALPHA", `,"throttle":{"per_second":50,"burst":1}`)
	g.Replace(gatewaytest.ProvidersOf(paced))
	g.Logged("its session goes on")
	c.deal(2, "A-2")
	g.Replace(gatewaytest.ProvidersOf(strings.Replace(paced, `"user":"alpha"`, `"user":"other"`, 1)))
	c.expectFarewell("the rules of the session have changed: the credentials have changed")
	stranger := dial(t, g.Address)
	stranger.login(soup.Login{Username: "alpha", Password: "secret"})
	stranger.expectRejected(soup.NotAuthorised)
	login(t, g.Address, "other", "", 5).deal(3, "A-3")
	away := login(t, g.Address, "other", "", 7)
	g.Replace(gatewaytest.ProvidersOf(strings.Replace(providerEntry("ALPHA", `,"addresses":["192.0.2.0/24"]`), `"user":"alpha"`, `"user":"other"`, 1)))
	away.expectFarewell("the rules of the session have changed: this address is not admitted")
}

// The gateway's health says that a file cannot be used, for as long as the file lies there.
func TestAProviderFileThatCannotBeUsedLeavesTheLastOneInForce(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	c := login(t, g.Address, "alpha", "", 1)
	g.Replace(gatewaytest.ProvidersOf(providerEntry("ALPHA", `,"session":-1`)))
	g.Warning("session: -1 is not 1 to")
	c.deal(1, "A-1")
	g.Replace(gatewaytest.ProvidersOf(providerEntry("ALPHA", "")))
	g.Warning("")
	c.deal(2, "A-2")
}
