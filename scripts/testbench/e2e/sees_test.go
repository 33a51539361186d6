//go:build e2e

package e2e

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/oracle"
)

// forgeries change one thing in a store, and change it back; the rule must find it in between.
var forgeries = []struct{ rule, forge, undo string }{
	{
		"usage of reservations",
		"update linecheck.node_usage set consumed = consumed + 0.01 where node = (select min(node) from linecheck.node_usage)",
		"update linecheck.node_usage set consumed = consumed - 0.01 where node = (select min(node) from linecheck.node_usage)",
	},
	{
		"settlements of reservations",
		"update linecheck.settlement_usage set used = used + 0.01 where node = (select min(node) from linecheck.settlement_usage)",
		"update linecheck.settlement_usage set used = used - 0.01 where node = (select min(node) from linecheck.settlement_usage)",
	},
	{
		"freed is settled",
		"update linecheck.reservation set near_settled = not near_settled where id = (select min(id::text)::uuid from trading.trade)",
		"update linecheck.reservation set near_settled = not near_settled where id = (select min(id::text)::uuid from trading.trade)",
	},
	{
		"exposure of the trade",
		"update linecheck.reservation set exposure = exposure + 0.01 where id = (select min(id::text)::uuid from trading.trade)",
		"update linecheck.reservation set exposure = exposure - 0.01 where id = (select min(id::text)::uuid from trading.trade)",
	},
	{
		"reservation consumed",
		"update linecheck.reservation set state = 'RELEASED' where id = (select min(id::text)::uuid from trading.trade)",
		"update linecheck.reservation set state = 'CONSUMED' where id = (select min(id::text)::uuid from trading.trade)",
	},
	{
		"booked once",
		"update trading.trade set booking_reference = booking_reference || 'X' where id = (select min(id::text)::uuid from trading.trade)",
		"update trading.trade set booking_reference = rtrim(booking_reference, 'X') where id = (select min(id::text)::uuid from trading.trade)",
	},
	{
		"assigned",
		"update responsibility.assignment set trader = trader || 'X' where trade_id = (select min(id::text)::uuid from trading.trade)",
		"update responsibility.assignment set trader = rtrim(trader, 'X') where trade_id = (select min(id::text)::uuid from trading.trade)",
	},
	{
		"filled is registered",
		"update trading.trade set reference = reference || 'X' where id = (select min(id::text)::uuid from trading.trade)",
		"update trading.trade set reference = rtrim(reference, 'X') where id = (select min(id::text)::uuid from trading.trade)",
	},
	{
		"registered as asked",
		"update trading.trade_leg set rate = rate * 2 where leg = 1 and trade_id = (select min(id::text)::uuid from trading.trade)",
		"update trading.trade_leg set rate = rate / 2 where leg = 1 and trade_id = (select min(id::text)::uuid from trading.trade)",
	},
}

// oracleSees: what all other tests rely on can fail. It reads the real stores, and finds what is not as it should be in them.
func (c *core) oracleSees(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	conn := c.administrator(t)
	cl := c.client(t, "SANDBOX44", "sees")
	order := cl.good(t)
	cl.mustFill(t, order) // a trade in every store
	c.judge(t, oracle.Rules()...)
	c.showsOriginals(ctx, t, order.reference)
	faulty := cl.good(t)
	faulty.amount = "0"
	cl.last(t, faulty) // the gateway refuses it by itself
	c.showsOriginals(ctx, t, faulty.reference)
	for _, f := range forgeries {
		if tag, err := conn.Exec(ctx, f.forge); err != nil || tag.RowsAffected() == 0 {
			t.Fatalf("%s: %d rows, %v", f.forge, tag.RowsAffected(), err)
		}
		e, err := c.evidence(ctx)
		_, failed := conn.Exec(ctx, f.undo)
		if err := errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
		found := oracle.Judge(e, oracle.Rules()...)
		if !slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Rule == f.rule }) {
			t.Errorf("after %s: want %q, found %v", f.forge, f.rule, found)
		}
	}
	c.judge(t, oracle.Rules()...)
}

// showsOriginals: a violation about a provider's request shows the provider's own message, once the interface has kept it.
func (c *core) showsOriginals(ctx context.Context, t *testing.T, reference string) {
	t.Helper()
	e, err := c.evidence(ctx)
	if err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "the original of "+reference, time.Minute, func() error {
		found := []oracle.Violation{{Rule: "none", ID: "SANDBOX44 " + reference}}
		if err := oracle.Explain(ctx, e, found, c.places.Originals); err != nil {
			return err
		}
		if shown := found[0].Originals; len(shown) == 0 || !strings.HasPrefix(string(shown[0].Bytes), "8=FIX.4.4\x01") ||
			!strings.Contains(string(shown[0].Bytes), "\x0111="+reference+"\x01") {
			return errors.New(found[0].Detailed())
		}
		return nil
	})
}
