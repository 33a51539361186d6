//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/programs"
	"fxcore/scripts/testbench/oracle"
)

// gone is how long something is away in these tests, at least: it stays away until everybody is told who must be, which may take
// toldBound on a busy machine.
const (
	gone      = 6 * time.Second
	toldBound = 2 * time.Minute
)

// something is a row of docs/when-something-is-away.md: what is taken away, and what is to be seen meanwhile.
type something struct {
	take      func(t *testing.T, c *core) (back func(t *testing.T)) // holds it away until back
	meanwhile func(t *testing.T, c *core, ts *traders)
	stays     bool // the providers' sessions do
}

// somethingAway: each of the servers, and a replica of each service, is away for some seconds under traffic. What goes on
// goes on, whoever is to be told is told, and afterwards everything is answered and nothing is lost or doubled. The
// mainframe has a test of its own, and so has the broker away from the gateway alone (gateways/fix).
func (c *core) somethingAway(t *testing.T) {
	ts := c.open(t, "gone", "TEST5", "TEST6")
	for _, row := range []struct {
		name string
		something
	}{
		{"replica", something{held(oneOfEach()...), othersGoOn, true}},
		{"redis", something{frozen("redis"), decidesOnWhatIsHeld, true}},
		{"rabbitmq", something{held("rabbitmq"), requestsAreHeld, true}},
		{"postgres", something{held("postgres"), nothingIsDecided, false}},
	} {
		t.Run(row.name, func(t *testing.T) { c.without(t, ts, row.something) })
	}
}

// oneOfEach is a replica of each service through which trades pass.
func oneOfEach() []string {
	var all []string
	for _, p := range programs.Carriers() {
		all = append(all, p.Processes()[0])
	}
	return all
}

func (c *core) without(t *testing.T, ts *traders, what something) {
	ts.trade(t, traffic)
	ts.more(t, warm)
	if what.stays {
		c.awaitHome(t) // no session is about to be moved there
	}
	sessions, log := c.sessionsSince(t, ts), c.lines(t)
	ts.mark()
	began := time.Now()
	back := what.take(t, c)
	what.meanwhile(t, c, ts)
	back(t)
	returned := time.Now()
	ts.mark()
	testkit.Eventually(t, "trading to resume with every provider", backBound, func() error {
		if _, all := ts.resumed(); !all {
			return context.DeadlineExceeded
		}
		return nil
	})
	resumed := since(returned)
	ts.more(t, warm)
	ts.finish(t)
	t.Logf("away for %s; trading %s after it was let go; longest silence since then %s",
		returned.Sub(began).Round(time.Millisecond), resumed, ts.stall().Round(time.Millisecond))
	for _, why := range ts.rejected() {
		t.Logf("rejected afterwards: %s", why)
	}
	c.allReady(t)
	if now := c.sessionsSince(t, ts); what.stays && now != sessions {
		c.leaseLapsed(t, log, fmt.Sprintf("the providers' sessions began at %s, and again at %s", sessions, now))
	}
	c.numbersAgree(t, ts)
	c.judge(t, oracle.Rules()...)
}

// leaseLapsed holds that the sessions ended because the machine gave the gateway no time to renew their leases, which is a
// matter of the machine. Everything else is an error.
func (c *core) leaseLapsed(t *testing.T, from map[string]int, ended string) {
	t.Helper()
	for _, gateway := range gateways() {
		file := c.Log(gateway)
		for _, line := range readLines(t, file)[from[file]:] {
			if strings.Contains(line, "no renewal was answered in time") {
				t.Log(ended + ": the machine is too busy for leases of this length")
				return
			}
		}
	}
	t.Error(ended)
}

// held takes processes away by kill -9, again whenever they return.
func held(ids ...string) func(*testing.T, *core) func(*testing.T) {
	return func(t *testing.T, c *core) func(*testing.T) {
		until, ended := time.Now().Add(gone), make(chan error, 1)
		hold, release := context.WithCancel(t.Context())
		go func() { ended <- c.HoldDown(hold, ids...) }()
		return func(t *testing.T) {
			pass(t, time.Until(until))
			release()
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
		}
	}
}

// frozen takes processes away by SIGSTOP: they neither answer nor end.
func frozen(ids ...string) func(*testing.T, *core) func(*testing.T) {
	return func(t *testing.T, c *core) func(*testing.T) {
		until, thaw := time.Now().Add(gone), c.freeze(t, ids...)
		return func(t *testing.T) {
			pass(t, time.Until(until))
			thaw()
		}
	}
}

// othersGoOn: with one replica of each service away, the others do all the work, and the supervisor says who is missing.
func othersGoOn(t *testing.T, c *core, ts *traders) {
	c.shown(t, "auth-1", "linecheck-1", "datasync-1")
	c.goesOn(t, ts)
}

// decidesOnWhatIsHeld: without Redis trades are decided on the last data; nothing is rejected for it, every process stays
// ready, and says in a warning what it misses.
func decidesOnWhatIsHeld(t *testing.T, c *core, ts *traders) {
	c.shown(t, "redis")
	c.says(t, "trading-2", func(s health) error { return mentions(s.Warnings, "static data", "look for") })
	c.goesOn(t, ts)
	for _, id := range []string{"auth-1", "trading-2", "linecheck-1"} {
		if p, err := c.Process(id); err != nil || p.State != "ready" {
			t.Errorf("%s is shown as %s, %s, error %v: it decides on what it holds", id, p.State, p.Reason, err)
		}
	}
}

// requestsAreHeld: without the broker nothing is decided. The sessions stay, the gateway holds what comes, and everybody
// says what is missing.
func requestsAreHeld(t *testing.T, c *core, ts *traders) {
	c.shown(t, "rabbitmq", "fix-1", "auth-1")
	for _, id := range []string{"fix-1", "auth-1", "trading-1", "linecheck-2"} {
		c.says(t, id, func(s health) error { return mentions(s.Reasons, "amqp") })
	}
	before := c.waiting(t, ts)
	testkit.Eventually(t, "more requests to wait in the gateway", toldBound, func() error {
		if now := c.waiting(t, ts); now < before+traffic {
			return fmt.Errorf("there were %d, and are %d", before, now)
		}
		return nil
	})
}

// nothingIsDecided: without Postgres the gateway can not renew its leases, and ends the sessions rather than say what it
// can not store. Everybody says what is missing.
func nothingIsDecided(t *testing.T, c *core, ts *traders) {
	c.shown(t, "postgres", "fix-1")
	c.says(t, "fix-1", func(s health) error { return mentions(s.Reasons, "leases") })
	c.says(t, "trading-1", func(s health) error { return mentions(s.Reasons, "postgres") })
	testkit.Eventually(t, "the sessions to end", toldBound, func() error {
		for _, gateway := range gateways() {
			s, err := c.health(t, gateway)
			if err != nil {
				return err
			}
			for _, tr := range ts.all {
				if s.Counters["provider."+tr.Provider()+".active"] != 0 {
					return fmt.Errorf("%s serves %s", gateway, tr.Provider())
				}
			}
		}
		return nil
	})
}

// goesOn holds that what each provider asks for from now on is accepted as if nothing had happened: whoever is away stays away
// meanwhile.
func (c *core) goesOn(t *testing.T, ts *traders) {
	t.Helper()
	ts.more(t, traffic)
	for _, why := range ts.rejected() {
		t.Errorf("rejected without a mistake: %s", why)
	}
}

// shown waits until the supervisor, and so `make status`, says that processes are not ready.
func (c *core) shown(t *testing.T, ids ...string) {
	t.Helper()
	began := time.Now()
	for _, id := range ids {
		testkit.Eventually(t, "the supervisor to say that "+id+" is away", toldBound, func() error {
			p, err := c.Process(id)
			if err == nil && p.State == "ready" {
				err = errors.New("it is shown as ready")
			}
			return err
		})
	}
	t.Logf("shown after %s", since(began))
}

// says waits until a process says so of itself.
func (c *core) says(t *testing.T, id string, check func(health) error) {
	t.Helper()
	testkit.Eventually(t, id+" to say what it misses", toldBound, func() error {
		s, err := c.health(t, id)
		if err != nil {
			return err
		}
		return check(s)
	})
}

// mentions is nil if there is an entry of that name whose text has all the words.
func mentions(said map[string]string, name string, words ...string) error {
	text, there := said[name]
	for _, w := range words {
		there = there && strings.Contains(text, w)
	}
	if !there {
		return fmt.Errorf("it says %v", said)
	}
	return nil
}

// sessionsSince is when each provider's session changed last, as the gateway tells it.
func (c *core) sessionsSince(t *testing.T, ts *traders) string {
	t.Helper()
	return fmt.Sprintf("%.0f", c.ofEach(t, ts, "since"))
}

// waiting is how many requests the gateway holds for the broker.
func (c *core) waiting(t *testing.T, ts *traders) int {
	t.Helper()
	sum := 0.0
	for _, n := range c.ofEach(t, ts, "queue") {
		sum += n
	}
	return int(sum)
}

// gateways are the instances of which one serves each provider.
func gateways() []string { return []string{"fix-1", "fix-2"} }

// ofEach is a figure for each provider, of the instance that serves it.
func (c *core) ofEach(t *testing.T, ts *traders, counter string) (values []float64) {
	t.Helper()
	var of []health
	for _, gateway := range gateways() {
		h, err := c.health(t, gateway)
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, h)
	}
	for _, tr := range ts.all {
		name := "provider." + tr.Provider() + "."
		for _, h := range of {
			if h.Counters[name+"active"] == 1 {
				values = append(values, h.Counters[name+counter])
			}
		}
	}
	return values
}
