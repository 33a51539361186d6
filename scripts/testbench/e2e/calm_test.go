//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/programs"
	"fxcore/scripts/testbench/oracle"
)

// calmBound is for the core to come back to its usual state, on a busy machine, after everything was killed.
const calmBound = 3 * time.Minute

// play runs a part on a core in its usual state, and holds that the part leaves it so.
func (c *core) play(t *testing.T, p part) {
	c.excuse(t)
	c.broken = true // until it has come to its end
	c.usual(t)
	c.began = time.Now()
	p.run(t)
	c.usual(t)
	c.broken = t.Failed()
}

// usual waits until the core is as it is when nobody has touched it: every process is ready, the mainframe does what it should,
// every service follows the static data, and every session is known and where it belongs.
func (c *core) usual(t *testing.T) {
	t.Helper()
	c.allReady(t)
	testkit.Eventually(t, "the mainframe to be well", calmBound, func() error { return c.wrong(t) })
	testkit.Eventually(t, "every service to follow the static data", calmBound, func() error { return c.withoutData(t) })
	c.awaitHome(t)
}

// excuse is for after a part that failed. It waits for what is still under way, and forgets what is wrong by then: that was
// the failed part's doing.
func (c *core) excuse(t *testing.T) {
	t.Helper()
	if !c.broken {
		return
	}
	c.allReady(t)
	found := c.settle(t, oracle.Rules())
	t.Logf("the part before this one failed, and left %d violations", len(found))
}

// wrong is an error while the simulated mainframe misbehaves on command.
func (c *core) wrong(t *testing.T) error {
	t.Helper()
	var status struct{ Latency, Wrong, Away string }
	if err := json.Unmarshal([]byte(c.simulator(t, http.MethodGet, "/status")), &status); err != nil {
		return err
	}
	if status.Latency+status.Wrong+status.Away != "" {
		return fmt.Errorf("it is %+v", status)
	}
	return nil
}

// withoutData is an error while a service decides on static data that it cannot follow.
func (c *core) withoutData(t *testing.T) error {
	t.Helper()
	for _, program := range programs.Services() {
		for _, id := range program.Processes() {
			s, err := c.health(t, id)
			if err != nil {
				return err
			}
			if why := s.Warnings["static data"]; why != "" {
				return errors.New(id + ": " + why)
			}
		}
	}
	return nil
}
