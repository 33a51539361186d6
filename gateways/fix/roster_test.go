package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/roster"
	"fxcore/lambda/testkit"
)

// fileGateway is a gateway whose providers lie in a file.
type fileGateway struct {
	*testGateway
	path string
}

func newFileGateway(t *testing.T, entries ...string) *fileGateway {
	t.Helper()
	g := &fileGateway{newGateway(t), filepath.Join(t.TempDir(), "providers.json")}
	for i, setting := range g.env {
		if strings.HasPrefix(setting, "FIX_PROVIDERS=") {
			g.env[i] = "FIX_PROVIDERS_FILE=" + g.path
		}
	}
	g.replace(providersOf(entries))
	return g
}

// replace puts another file into the old one's place, at once.
func (g *fileGateway) replace(content string) {
	g.t.Helper()
	next := g.path + ".new"
	if err := errors.Join(os.WriteFile(next, []byte(content), 0o600), os.Rename(next, g.path)); err != nil {
		g.t.Fatal(err)
	}
}

// warning waits until the health says, or no longer says, that the file is not in force.
func (g *fileGateway) warning(says string) {
	g.t.Helper()
	testkit.Eventually(g.t, "the warning "+says, answerTime, func() error {
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

// logged waits for a line of the log.
func (g *testGateway) logged(what string) {
	g.t.Helper()
	testkit.Eventually(g.t, what, answerTime, func() error {
		if !strings.Contains(g.log.String(), what) {
			return errors.New("not in the log")
		}
		return nil
	})
}

// lines counts those of the log that have all the words.
func (g *testGateway) lines(words ...string) (n int) {
	for line := range strings.Lines(g.log.String()) {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			n++
		}
	}
	return n
}

// deal sends an order and expects its answers under the next two numbers.
func (c *client) deal(reference string, first int) {
	c.t.Helper()
	c.order(reference)
	c.expectAnswer(first, reference, "A")
	c.expectAnswer(first+1, reference, "2")
}

// One provider's rules change, one provider goes, one comes; a fourth trades on and notices nothing.
func TestProvidersChangeWhileTheGatewayRuns(t *testing.T) {
	g := newFileGateway(t, providerEntry("ALPHA", ""), providerEntry("BETA50", ""), providerEntry("GAMMA", ""))
	g.start()
	startCore(t, g.broker)
	alpha, beta, gamma := newClient(t, "ALPHA").reset(g.address), newClient(t, "BETA50").reset(g.address), newClient(t, "GAMMA").reset(g.address)
	alpha.deal("A-1", 2)
	beta.deal("B-1", 2)
	gamma.deal("G-1", 2)

	g.replace(providersOf([]string{providerEntry("ALPHA", `,"reset":"never"`), providerEntry("GAMMA", ""), providerEntry("DELTA50", "")}))
	alpha.expect("5 34=4 58=" + roster.AnewText)
	alpha.expectEnd()
	beta.expect("5 34=4 58=" + roster.RemovedText)
	beta.expectEnd()
	g.logged("file read again and in force")
	gamma.deal("G-2", 4)

	delta := newClient(t, "DELTA50")
	g.counter("provider.DELTA50.active", 1)
	delta.reset(g.address).deal("D-1", 2)
	alpha.connect(g.address).logon("141=Y|")
	if refused := alpha.read(); !strings.Contains(refused, "ResetSeqNumFlag(141) is not accepted") {
		t.Errorf("by the new rules the logon should be refused: %s", refused)
	}
	alpha.expectEnd()
	alpha.next--
	alpha.resume(g.address)
	beta.connect(g.address).logon("")
	if refused := beta.read(); !strings.Contains(refused, "unknown session, user or password") {
		t.Errorf("who was removed should be unknown: %s", refused)
	}
	status, err := g.status()
	if _, shown := status.Counters["provider.BETA50.active"]; err != nil || shown || !status.Ready {
		t.Errorf("ready %v, reasons %v; BETA50 is shown: %v, %v", status.Ready, status.Reasons, shown, err)
	}
	gamma.deal("G-3", 6)
	if n := g.lines("provider connected", `"provider":"GAMMA"`); n != 1 {
		t.Errorf("GAMMA was connected %d times", n)
	}

	g.replace(providersOf([]string{providerEntry("BETA50", ""), providerEntry("GAMMA", ""), providerEntry("DELTA50", "")}))
	g.counter("provider.BETA50.active", 1) // it comes back, with the numbers that it had
	beta.next = 3
	if got := beta.resume(g.address); pick(got, "34") != "A 34=5" {
		t.Errorf("got %s", got)
	}
	gamma.deal("G-4", 8)
}

// What is looked at by the door, or while the session goes on, ends no session.
func TestASessionGoesOnWithOtherCredentialsAndAnotherPace(t *testing.T) {
	g := newFileGateway(t, providerEntry("ALPHA", ""))
	g.start()
	startCore(t, g.broker)
	c := newClient(t, "ALPHA").reset(g.address)
	c.deal("A-1", 2)
	g.replace(strings.Replace(providersOf([]string{providerEntry("ALPHA", `,"throttle":{"per_second":5,"burst":1},"heartbeat_seconds":20`)}), `"user":"alpha"`, `"user":"other"`, 1))
	g.logged("its session goes on")
	c.send("1", "112=wake|") // what was being read was read at the old pace
	c.expect("0 34=4 112=wake")
	began := time.Now()
	for i := range 6 {
		c.send("1", fmt.Sprintf("112=T%d|", i))
	}
	for i := range 6 {
		c.expect(fmt.Sprintf("0 34=%d 112=T%d", 5+i, i))
	}
	if took := time.Since(began); took < 700*time.Millisecond {
		t.Errorf("6 messages took %s at 5 a second", took)
	}
	c.send("5", "")
	c.expect("5 34=11")
	c.expectEnd()
	c.connect(g.address).logon("")
	if refused := c.read(); !strings.Contains(refused, "unknown session, user or password") {
		t.Errorf("the old user should be refused: %s", refused)
	}
	c.expectEnd()
	c.next--
	c.user = "other"
	c.connect(g.address).logon("")
	if refused := c.read(); !strings.Contains(refused, "HeartBtInt(108) must be 1 to 20") {
		t.Errorf("the new bound should hold: %s", refused)
	}
}

// A file that cannot be used is said, in the log once and in the health for as long as it lies there.
func TestAProviderFileThatCannotBeUsedLeavesTheLastOneInForce(t *testing.T) {
	good := providersOf([]string{providerEntry("ALPHA", "")})
	g := newFileGateway(t, providerEntry("ALPHA", ""))
	g.start()
	startCore(t, g.broker)
	c := newClient(t, "ALPHA").reset(g.address)
	for says, content := range map[string]string{
		"unexpected EOF":         good[:len(good)-40],
		"dialect: \"klingon\"":   strings.Replace(good, "standard", "klingon", 1),
		"providers: 0 entries":   `{"providers":[]}`,
		"unknown field \"idea\"": strings.Replace(good, `"id"`, `"idea"`, 1),
	} {
		g.replace(content)
		g.warning(says)
		if n := strings.Count(g.log.String(), strings.ReplaceAll(says, `"`, `\"`)); n != 1 {
			t.Errorf("%q is %d times in the log", says, n)
		}
	}
	if err := os.Remove(g.path); err != nil {
		t.Fatal(err)
	}
	g.warning("no such file")
	c.deal("A-1", 2)
	g.replace(good + "\n")
	g.warning("")
	c.deal("A-2", 4)
	if status, err := g.status(); err != nil || !status.Ready {
		t.Errorf("ready %v, %v", status.Ready, err)
	}
}
