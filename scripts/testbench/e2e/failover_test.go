//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/oracle"
)

// A provider dials again a tenth of a second after its session has ended, so that much of each silence is its own.
const (
	commandedMoves = 4
	settleBound    = 2 * time.Minute // for homes to be chosen, and for sessions to be there
)

// failover: sessions are moved, drained and, after a kill, brought home, under traffic. Nothing is lost or doubled.
func (c *core) failover(t *testing.T) {
	ts := c.open(t, "failover", "TEST5", "TEST6")
	c.awaitHome(t)
	ts.trade(t, traffic)
	ts.more(t, warm)
	for range commandedMoves {
		to := other(c.planned(t, "TEST5").Instance)
		ts.mark()
		c.resume(t, ts, c.onCall(t, "move", "TEST5", to))
	}
	c.onCall(t, "fallback")
	c.awaitHome(t)

	drained := c.planned(t, "TEST5").Instance
	undrain := sync.OnceFunc(func() { c.onCall(t, "undrain", drained) })
	defer undrain()
	ts.mark()
	said := c.onCall(t, "-why", "an end-to-end test", "drain", drained)
	c.resume(t, ts, said)
	for _, p := range c.plan(t).Providers {
		if p.Instance == drained {
			t.Errorf("%s is still at %s", p.Provider, drained)
		}
	}
	undrain()
	c.awaitHome(t)

	ts.mark()
	ctx, cancel := context.WithTimeout(t.Context(), backBound)
	defer cancel()
	victim := strings.ReplaceAll(c.planned(t, "TEST5").Instance, "/", "-")
	if err := c.killOne(ctx, victim); err != nil {
		t.Fatal(err)
	}
	c.resume(t, ts, victim+" killed")
	c.awaitHome(t) // by itself
	ts.more(t, warm)
	ts.finish(t)
	c.allReady(t)
	c.numbersAgree(t, ts)
	c.judge(t, oracle.Rules()...)
}

// resume waits until every provider's new requests are accepted again.
func (c *core) resume(t *testing.T, ts *traders, said string) {
	t.Helper()
	testkit.Eventually(t, "trading to resume with every provider", backBound, func() error {
		if _, all := ts.resumed(); !all {
			return context.DeadlineExceeded
		}
		return nil
	})
	t.Logf("%s; longest silence %s", strings.ReplaceAll(strings.TrimSpace(said), "\n", "; "), ts.stall().Round(time.Millisecond))
}

// place is where a provider's session is, and where it belongs.
type place struct{ Provider, Instance, Home string }

type plan struct{ Providers []place }

// onCall is the command of on-call.
func (c *core) onCall(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	said, err := c.Command(ctx, "failover", args...)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func (c *core) plan(t *testing.T) (p plan) {
	t.Helper()
	if err := json.Unmarshal([]byte(c.onCall(t, "-json", "status")), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (c *core) planned(t *testing.T, provider string) place {
	t.Helper()
	all := c.plan(t).Providers
	i := slices.IndexFunc(all, func(p place) bool { return p.Provider == provider })
	if i < 0 {
		t.Fatalf("%s is not in %+v", provider, all)
	}
	return all[i]
}

// awaitHome waits until every session is where it belongs.
func (c *core) awaitHome(t *testing.T) {
	t.Helper()
	testkit.Eventually(t, "every session to be at home", settleBound, func() error {
		all := c.plan(t).Providers
		for _, p := range all {
			if p.Home == "" || p.Instance != p.Home {
				return fmt.Errorf("%+v", p)
			}
		}
		if len(all) == 0 {
			return fmt.Errorf("no provider is known")
		}
		return nil
	})
}

// other is the other one of two instances.
func other(instance string) string {
	if instance == "fix/1" {
		return "fix/2"
	}
	return "fix/1"
}
