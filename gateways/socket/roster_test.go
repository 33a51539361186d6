package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/roster"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/lambda/testkit"
)

// changeBound is for a changed file to be in force.
const changeBound = 20 * time.Second

// fileGateway is a gateway whose providers lie in a file.
type fileGateway struct {
	*testGateway
	path string
}

func startFileGateway(t *testing.T, entries ...string) *fileGateway {
	t.Helper()
	g := &fileGateway{newGateway(t, "LEASE_LENGTH=20s"), filepath.Join(t.TempDir(), "providers.json")}
	for i, setting := range g.env {
		if strings.HasPrefix(setting, "SOCKET_PROVIDERS=") {
			g.env[i] = "SOCKET_PROVIDERS_FILE=" + g.path
		}
	}
	g.replace(entries...)
	g.start()
	return g
}

// replace puts another file into the old one's place, at once.
func (g *fileGateway) replace(entries ...string) {
	g.t.Helper()
	next := g.path + ".new"
	if err := errors.Join(os.WriteFile(next, []byte(providersOf(entries)), 0o600), os.Rename(next, g.path)); err != nil {
		g.t.Fatal(err)
	}
}

// warning waits until the health says, or no longer says, that the file is not in force.
func (g *fileGateway) warning(says string) {
	g.t.Helper()
	testkit.Eventually(g.t, "the warning "+says, changeBound, func() error {
		status, err := g.status()
		if err != nil {
			return err
		}
		if got := status.Warnings["provider file"]; got == "" != (says == "") || !strings.Contains(got, says) {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
}

// expectFarewell expects a text for a person, and then the end.
func (c *rawClient) expectFarewell(text string) {
	c.t.Helper()
	if p := c.packet(); p.Type != soup.TypeDebug || string(p.Payload) != text {
		c.t.Fatalf("packet %q %q, want the debug text %q", p.Type, p.Payload, text)
	}
	c.expectEnd()
}

// deal trades, and expects its answers.
func (c *rawClient) deal(n uint64, reference string) {
	c.t.Helper()
	c.send(trade(n, reference))
	c.expect(fmt.Sprintf("A %d %s, received %d", n, reference, n), fmt.Sprintf("E %d %s, received %d", n, reference, n))
}

// One provider begins another session, one goes, one comes; a fourth trades on and notices nothing.
func TestProvidersChangeWhileTheGatewayRuns(t *testing.T) {
	g := startFileGateway(t, providerEntry("ALPHA", ""), providerEntry("BETA", ""), providerEntry("GAMMA", ""))
	startCore(t, g.broker)
	alpha, beta, gamma := login(t, g.address, "alpha", "", 1), login(t, g.address, "beta", "", 1), login(t, g.address, "gamma", "", 1)
	alpha.deal(1, "A-1")
	beta.deal(1, "B-1")
	gamma.deal(1, "G-1")

	g.replace(providerEntry("ALPHA", `,"session":2`), providerEntry("GAMMA", ""), providerEntry("DELTA", ""))
	alpha.expectFarewell(roster.AnewText)
	beta.expectFarewell(roster.RemovedText)
	gamma.deal(2, "G-2")
	g.counter("provider.DELTA.active", 1)
	login(t, g.address, "delta", "", 1).deal(1, "D-1")

	old := login(t, g.address, "alpha", "S1", 2)
	if p := old.packet(); p.Type != soup.TypeSequenced {
		t.Errorf("packet %q instead of what S1 has left", p.Type)
	}
	if p := old.packet(); p.Type != soup.TypeEndOfSession {
		t.Errorf("packet %q instead of the end of S1", p.Type)
	}
	login(t, g.address, "alpha", "S2", 1).deal(2, "A-2") // requests are numbered on
	gone := dial(t, g.address)
	gone.login(soup.Login{Username: "beta", Password: "secret"})
	gone.expectRejected(soup.NotAuthorised)
	status, err := g.status()
	if _, shown := status.Counters["provider.BETA.active"]; err != nil || shown || !status.Ready {
		t.Errorf("ready %v, reasons %v; BETA is shown: %v, %v", status.Ready, status.Reasons, shown, err)
	}
	gamma.deal(3, "G-3")

	g.replace(providerEntry("BETA", ""), providerEntry("GAMMA", ""), providerEntry("DELTA", ""))
	g.counter("provider.BETA.active", 1) // it comes back, with the numbers that it had
	login(t, g.address, "beta", "S1", 3).deal(2, "B-2")
	gamma.deal(4, "G-4")
}

// What is looked at by the door, or while the session goes on, ends no session.
func TestASessionGoesOnWithOtherCredentials(t *testing.T) {
	g := startFileGateway(t, providerEntry("ALPHA", ""))
	startCore(t, g.broker)
	c := login(t, g.address, "alpha", "", 1)
	c.deal(1, "A-1")
	g.replace(strings.Replace(providerEntry("ALPHA", `,"throttle":{"per_second":50,"burst":1}`), `"user":"alpha"`, `"user":"other"`, 1))
	testkit.Eventually(t, "the change", changeBound, func() error {
		if !strings.Contains(g.log.String(), "its session goes on") {
			return errors.New("not in the log")
		}
		return nil
	})
	c.deal(2, "A-2")
	stranger := dial(t, g.address)
	stranger.login(soup.Login{Username: "alpha", Password: "secret"})
	stranger.expectRejected(soup.NotAuthorised)
	login(t, g.address, "other", "", 5).deal(3, "A-3")
}

// A file that cannot be used is said for as long as it lies there.
func TestAProviderFileThatCannotBeUsedLeavesTheLastOneInForce(t *testing.T) {
	g := startFileGateway(t, providerEntry("ALPHA", ""))
	startCore(t, g.broker)
	c := login(t, g.address, "alpha", "", 1)
	g.replace(providerEntry("ALPHA", `,"session":-1`))
	g.warning("session: -1 is not 1 to")
	c.deal(1, "A-1")
	g.replace(providerEntry("ALPHA", ""))
	g.warning("")
	c.deal(2, "A-2")
}
