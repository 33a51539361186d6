//go:build e2e

package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

const (
	restBound = 2 * time.Minute // for the core to come to rest once everything is answered
	shown     = 20              // violations
)

// settle waits for the core to come to rest. It returns the promises that were not kept, without those that it has returned before.
func (c *core) settle(t *testing.T, rules []oracle.Rule) []oracle.Violation {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), restBound)
	defer cancel()
	began := time.Now()
	var last oracle.Evidence
	found, err := oracle.Settle(ctx, func(ctx context.Context) (e oracle.Evidence, err error) {
		last, err = c.evidence(ctx)
		return last, err
	}, c.untold(rules)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("oracle: %d sent, %d received, %d trades, %d reservations, %d bookings: %d new violations after %s",
		len(last.Sent), len(last.Received), len(last.Trades), len(last.Reservations), len(last.Bookings), len(found), since(began))
	if err := oracle.Explain(t.Context(), last, found, c.places.Originals); err != nil {
		t.Error(err)
	}
	for _, v := range found {
		c.told[v.String()] = true
	}
	return found
}

// untold are the rules, blind to what was told: it is not waited for again, nor does a second test fail for it.
func (c *core) untold(rules []oracle.Rule) []oracle.Rule {
	var all []oracle.Rule
	for _, rule := range rules {
		all = append(all, oracle.Rule{Name: rule.Name, Find: func(e *oracle.Case) []oracle.Violation {
			return slices.DeleteFunc(rule.Find(e), func(v oracle.Violation) bool {
				v.Rule = rule.Name
				return c.told[v.String()]
			})
		}})
	}
	return all
}

// judge waits for the core to come to rest and fails the test for every promise that was not kept since the last time.
func (c *core) judge(t *testing.T, rules ...oracle.Rule) {
	t.Helper()
	found := c.settle(t, rules)
	for _, v := range found[:min(shown, len(found))] {
		t.Error(v.Detailed())
	}
}

// undisturbed are the rules for a part that kills nothing.
func (c *core) undisturbed() []oracle.Rule {
	return slices.Concat(oracle.Rules(), oracle.Undisturbed(c.began))
}
