package main

import (
	"fmt"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
)

// hoursOf returns the key "schedule" for days that begin and end at these instants.
func hoursOf(start, end time.Time) string {
	return fmt.Sprintf(`,"schedule":{"zone":"UTC","start":%q,"end":%q}`, start.UTC().Format(time.TimeOnly), end.UTC().Format(time.TimeOnly))
}

// soon returns a full second that is far enough away for a slow machine.
func soon() time.Time { return time.Now().Truncate(time.Second).Add(12 * time.Second) }

// At the end of its hours a provider is logged out. The gateway tells it when it may come again, and tells the same to a provider
// that comes too late. When the session is open again, the provider finds the answers that were not sent.
func TestASessionEndsByItsSchedule(t *testing.T) {
	t.Parallel()
	closing := soon()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", hoursOf(closing.Add(-time.Hour), closing)), providerEntry("GAMMA", ""))
	g.Start()
	core := gatewaytest.StartCore(t, g.Broker)
	c, other := newClient(t, "ALPHA").reset(g.Address), newClient(t, "GAMMA").reset(g.Address)
	c.deal("S-1", 2)
	release := core.Pause()
	defer release()
	c.order("S-2")
	c.expectAnswer(4, "S-2", "A")
	next := closing.Add(23*time.Hour).UTC().Format("2006-01-02 15:04:05") + " UTC"
	c.expect("5 34=5 58=the session is over by its schedule: the next one begins " + next)
	c.expectEnd()
	c.connect(g.Address).logon("")
	c.expect("5 34=6 58=logon refused: the session is closed, and opens " + next)
	c.expectEnd()
	release()
	other.deal("S-1", 2)
	g.Counter("provider.ALPHA.next_out", 8) // the answer to S-2 waits

	g.Replace(gatewaytest.ProvidersOf(providerEntry("ALPHA", hoursOf(closing.Add(-2*time.Hour), closing.Add(time.Hour))), providerEntry("GAMMA", "")))
	g.Logged("its session began again")
	c.next--
	c.connect(g.Address).logon("")
	c.expect("A 34=8 98=0 108=30")
	c.send("2", "7=7|16=0|")
	if got := c.read(); pick(got, "34", "11", "39", "43") != "8 34=7 11=S-2 39=2 43=Y" {
		t.Errorf("got %s", got)
	}
	other.deal("S-2", 4)
}

// With each period the numbers begin at 1, whichever instance serves the session then. Within a period they go on, whatever
// happens to the gateway. A gateway that was down when the period began resets them when it starts.
func TestEachPeriodBeginsAt1Once(t *testing.T) {
	t.Parallel()
	turn := soon()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", hoursOf(turn, turn)+`,"reset":"at_start"`))
	g.Start()
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	c.deal("P-1", 2)
	c.expect("5 34=4 58=the session begins anew by its schedule: log on again")
	c.expectEnd()
	g.Logged("session begins at 1 by its schedule")
	c.next = 1
	c.connect(g.Address).logon("") // a Logon with 1, and no ResetSeqNumFlag
	c.expect("A 34=1 98=0 108=30")
	c.deal("P-2", 2)

	g.Kill()
	g.Start()
	if got := c.resume(g.Address); pick(got, "34") != "A 34=4" {
		t.Errorf("after a kill within the period: %s", got)
	}
	g.Stop()
	pool := g.Database()
	if _, err := pool.Exec(t.Context(), "update session set created_at = created_at - interval '1 day'"); err != nil {
		t.Fatal(err)
	}
	g.Start()
	c.next = 1
	c.connect(g.Address).logon("141=Y|") // as well, with the number that both expect
	c.expect("A 34=1 98=0 108=30 141=Y")
	c.deal("P-3", 2)
	g.LoggedTimes(2, "session begins at 1 by its schedule")
}
