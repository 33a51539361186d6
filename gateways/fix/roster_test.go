package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/roster"
	"fxcore/lambda/testkit"
)

// The rules of one provider change, one provider goes, and one comes. A fourth one trades on and notices nothing.
func TestProvidersChangeWhileTheGatewayRuns(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""), providerEntry("BETA50", ""), providerEntry("GAMMA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	alpha, beta, gamma := newClient(t, "ALPHA").reset(g.Address), newClient(t, "BETA50").reset(g.Address), newClient(t, "GAMMA").reset(g.Address)
	alpha.deal("A-1", 2)
	beta.deal("B-1", 2)
	gamma.deal("G-1", 2)

	g.Replace(gatewaytest.ProvidersOf(providerEntry("ALPHA", `,"reset":"never"`), providerEntry("GAMMA", ""), providerEntry("DELTA50", "")))
	alpha.expect("5 34=4 58=" + roster.AnewText)
	alpha.expectEnd()
	beta.expect("5 34=4 58=" + roster.RemovedText)
	beta.expectEnd()
	g.Logged("file read again and in force")
	gamma.deal("G-2", 4)

	delta := newClient(t, "DELTA50")
	g.Counter("provider.DELTA50.active", 1)
	delta.reset(g.Address).deal("D-1", 2)
	alpha.connect(g.Address).logon("141=Y|")
	if refused := alpha.read(); !strings.Contains(refused, "ResetSeqNumFlag(141) is not accepted") {
		t.Errorf("by the new rules the logon should be refused: %s", refused)
	}
	alpha.expectEnd()
	alpha.next--
	alpha.resume(g.Address)
	beta.connect(g.Address).logon("")
	if refused := beta.read(); !strings.Contains(refused, "unknown session, user or password") {
		t.Errorf("who was removed should be unknown: %s", refused)
	}
	status, err := g.Status()
	if _, shown := status.Counters["provider.BETA50.active"]; err != nil || shown || !status.Ready {
		t.Errorf("ready %v, reasons %v; BETA50 is shown: %v, %v", status.Ready, status.Reasons, shown, err)
	}
	gamma.deal("G-3", 6)
	g.LoggedTimes(1, "provider connected", `"provider":"GAMMA"`)

	g.Replace(gatewaytest.ProvidersOf(providerEntry("BETA50", ""), providerEntry("GAMMA", ""), providerEntry("DELTA50", "")))
	g.Counter("provider.BETA50.active", 1) // it comes back, with the numbers that it had
	beta.next = 3
	if got := beta.resume(g.Address); pick(got, "34") != "A 34=5" {
		t.Errorf("got %s", got)
	}
	gamma.deal("G-4", 8)
}

// A change of a key that is read while the session goes on ends no session.
func TestASessionGoesOnAtAnotherPace(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	c.deal("A-1", 2)
	g.Replace(gatewaytest.ProvidersOf(providerEntry("ALPHA", `,"throttle":{"per_second":5,"burst":1},"heartbeat_seconds":20,"addresses":["127.0.0.0/8"]`)))
	g.Logged("its session goes on")
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
	c.leave(11)
	c.connect(g.Address).logon("")
	if refused := c.read(); !strings.Contains(refused, "HeartBtInt(108) must be 1 to 20") {
		t.Errorf("the new bound should hold: %s", refused)
	}
}

// New rules end the session that they would refuse. The provider is told why, and nothing more of it is taken.
func TestNewRulesEndTheSessionThatTheyWouldRefuse(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""), providerEntry("GAMMA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	gamma := newClient(t, "GAMMA").reset(g.Address)
	gamma.deal("G-1", 2)
	const changed = "the rules of the session have changed: "
	now := providerEntry("ALPHA", "")
	for why, rules := range map[string]string{
		"the credentials have changed":             strings.Replace(now, "$m=8,t=1", "$m=9,t=1", 1),
		"this address is not admitted":             providerEntry("ALPHA", `,"addresses":["192.0.2.0/24"]`),
		"the certificate is not admitted":          providerEntry("ALPHA", `,"certificate":"alpha.example"`),
		"a connection without TLS is not admitted": strings.Replace(now, `"plain_text":true`, `"plain_text":false`, 1),
	} {
		c := newClient(t, "ALPHA").reset(g.Address)
		g.Replace(gatewaytest.ProvidersOf(rules, providerEntry("GAMMA", "")))
		c.expect("5 34=2 58=" + changed + why)
		c.expectEnd()
		c.next = 1
		c.connect(g.Address).logon("141=Y|")
		c.expect("5 34=1 58=logon refused: unknown session, user or password")
		c.expectEnd()
		g.Replace(gatewaytest.ProvidersOf(now, providerEntry("GAMMA", "")))
		testkit.Eventually(t, "the old rules", 30*time.Second, func() error {
			c.next = 1
			c.connect(g.Address).logon("141=Y|")
			if got := c.read(); !strings.HasPrefix(got, "A ") {
				return fmt.Errorf("got %s", got)
			}
			return nil
		})
		c.leave(2)
	}
	gamma.deal("G-2", 4)
	g.LoggedTimes(1, "provider connected", `"provider":"GAMMA"`)
}

// The gateway says that a file cannot be used: in the log once, and in its health for as long as the file lies there.
func TestAProviderFileThatCannotBeUsedLeavesTheLastOneInForce(t *testing.T) {
	t.Parallel()
	good := gatewaytest.ProvidersOf(providerEntry("ALPHA", ""))
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", ""))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	for says, content := range map[string]string{
		"unexpected EOF":         good[:len(good)-40],
		"dialect: \"klingon\"":   strings.Replace(good, "standard", "klingon", 1),
		"providers: 0 entries":   `{"providers":[]}`,
		"unknown field \"idea\"": strings.Replace(good, `"id"`, `"idea"`, 1),
	} {
		g.Replace(content)
		g.Warning(says)
		g.LoggedTimes(1, strings.ReplaceAll(says, `"`, `\"`))
	}
	g.Remove()
	g.Warning("no such file")
	c.deal("A-1", 2)
	g.Replace(good + "\n")
	g.Warning("")
	c.deal("A-2", 4)
	if status, err := g.Status(); err != nil || !status.Ready {
		t.Errorf("ready %v, %v", status.Ready, err)
	}
}
