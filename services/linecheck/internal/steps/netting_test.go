package steps

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/directory"
)

// dealOf is a trade of a million euros of the client with the agreement.
type dealOf struct{ reference, side, quote, rate string }

func (d dealOf) message(t *testing.T, typ event.Type) event.Event {
	t.Helper()
	return d.of(t, typ, "1000000")
}

// of is message for another amount of euros.
func (d dealOf) of(t *testing.T, typ event.Type, amount string) event.Event {
	t.Helper()
	trade := spot{d.reference, "C000002", amount}
	data := trade.dataOf(typ)
	leg := legOf(data)
	leg["base_side"], leg["quote_amount"], leg["rate"] = d.side, d.quote, d.rate
	return message(t, typ, trade.id(), "1", soon(), data)
}

// bankWith returns two replicas that decide on the static data.
func bankWith(t *testing.T, s *directory.Snapshot) *bank {
	t.Helper()
	b := &bank{t: t, pool: schema(t)}
	for i, name := range []string{"one", "two"} {
		b.replicas[i] = replicaOf(all(static{snapshot: s}), b.pool, name, testkit.Log(t))
	}
	return b
}

// The client buys at 1.10 and sells at 1.05 for the same day, at a market of 1: it has no euros to come, and owes 50,000 dollars.
func TestAClosedPositionLeavesTheLossThatIsLockedIn(t *testing.T) {
	t.Parallel()
	s := snapshot()
	s.Clients["C000002"] = directory.Client{Group: "G0001", Desk: "FXS1", Netted: true}
	b := bankWith(t, s)
	for i, c := range []struct {
		deal dealOf
		typ  event.Type
		used string // reserved and consumed, on every node
	}{
		{dealOf{"T1", "buy", "1100000", "1.10"}, contract.TradeValidated, "200000 0"},
		{dealOf{"T1", "buy", "1100000", "1.10"}, contract.TradeRegistered, "0 200000"},
		{dealOf{"T2", "sell", "1050000", "1.05"}, contract.TradeValidated, "0 200000"}, // it may never be dealt
		{dealOf{"T2", "sell", "1050000", "1.05"}, contract.TradeRegistered, "0 50000"},
		{dealOf{"T3", "sell", "1200000", "1.20"}, contract.TradeValidated, "50000 50000"}, // sold at a gain: it leaves the add-on on a million
		{dealOf{"T3", "sell", "1200000", "1.20"}, contract.TradeRejected, "0 50000"},
	} {
		b.handle(i%2, c.deal.message(t, c.typ))
		for _, node := range []string{"group/G0001", "desk/FXS1", "client/C000002"} {
			if got := b.carries()[node]; got != c.used {
				t.Errorf("%s of %s: %s carries %s, want %s", c.typ, c.deal.reference, node, got, c.used)
			}
		}
		mustBalance(t, b.pool)
	}
}
