package steps

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// A client whose line bears one deal can deal again once that is settled.
func TestASettledTradeUsesNoLineAnyMore(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	first, second := spot{"T1", "C000001", "1500000"}, spot{"T2", "C000001", "1500000"}
	ask := func(trade spot, way string) string {
		return b.handle(1, message(t, contract.TradeValidated, trade.id(), way, soon(), trade.data()))[0]
	}
	ask(first, "1")
	b.handle(0, first.message(t, contract.TradeRegistered, "1"))
	if got := ask(second, "1"); got != "trade.rejected line_exceeded" {
		t.Fatalf("a second deal: %s", got)
	}
	b.handle(1, first.settled(t, 1, "1"), first.settled(t, 1, "again"))
	b.mustCarry("0 0")
	if got := ask(second, "2"); got != "trade.reserved " {
		t.Errorf("after the first is settled: %s", got)
	}
}

func TestALegOfASwapFreesItsOwnDate(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	swap := spot{"T1", "C000001", "1000000"}
	b.handle(0, message(t, contract.TradeValidated, swap.id(), "1", soon(), swap.asSwap()))
	b.handle(0, swap.message(t, contract.TradeRegistered, "1"))
	for _, step := range []struct {
		leg         int
		usage, dues string
	}{
		{1, "0 100000", "2026-12-28 1000000"},
		{2, "0 0", ""},
	} {
		b.handle(step.leg%2, swap.settled(t, step.leg, "1"))
		b.mustCarry(step.usage)
		if got := b.due("client/C000001"); got != step.dues {
			t.Errorf("leg %d is settled: due %s, want %s", step.leg, got, step.dues)
		}
	}
}

// due returns what is due of a node, by date.
func (b *bank) due(node string) (text string) {
	b.t.Helper()
	const sql = `select coalesce(string_agg(value_date || ' ' || trim_scale(used), ', ' order by value_date), '')
		from settlement_usage where node = $1 and used > 0`
	if err := b.pool.QueryRow(b.t.Context(), sql, node).Scan(&text); err != nil {
		b.t.Fatal(err)
	}
	return text
}

// A swap's reservation is lost, and its message says nothing of settlements. The near leg frees nothing of the exposure: the far leg is
// still outstanding.
func TestASwapThatIsRebuiltWithoutSettlementsHasTwoLegs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	swap := spot{"T1", "C000001", "1000000"}
	data := swap.asSwap()
	data["reserved"] = map[string]any{"exposure": "100000", "expires_at": noon}
	w.verdict(message(t, contract.TradeRegistered, swap.id(), "1", time.Time{}, data))
	for leg, want := range []string{"0 100000", "0 0"} {
		w.verdict(swap.settled(t, leg+1, "1"))
		if got := w.used("client/C000001"); got != want {
			t.Errorf("leg %d is settled: carries %s, want %s", leg+1, got, want)
		}
	}
}

// settlement.settled comes before trade.registered, which records the reservation: it comes again.
func TestASettledTradeWithoutAReservationComesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trade := spot{"T1", "C000001", "1000000"}
	if _, err := w.deliver(trade.settled(t, 1, "1")); !errors.Is(err, line.ErrUnknown) {
		t.Errorf("without a reservation: %v", err)
	}
	if _, err := w.deliver(produced(t, "settlement", contract.SettlementSettled, time.Time{})); !errors.Is(err, line.ErrUnknown) {
		t.Errorf("settlement's sample: %v", err)
	}
	w.verdict(trade.registered(t, "1"))
	w.verdict(trade.settled(t, 1, "1"))
	if got := w.used("client/C000001"); got != "0 0" {
		t.Errorf("after both: %s", got)
	}
}

// The trade is dealt within its check's life and settled on the same day. Its provider consumes the check for it afterwards: the two
// are still one deal.
func TestAConsumptionForASettledTradeUsesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	report := using{spot: spot{"T1", "C000001", "400000"}, check: "L1", kind: messages.Reported}
	w.verdict(report.message(t, contract.TradeValidated, "1"))
	w.verdict(report.message(t, contract.TradeRegistered, "1"))
	w.verdict(report.settled(t, 1, "1"))
	if got := w.used("client/C000001"); got != "60000 0" {
		t.Fatalf("the trade is settled, the rest of the check is open: %s", got)
	}
	consume := resolving(messages.Consume, "L2", "L1")
	consume.amount = "400000"
	consume.change = func(request map[string]any) { request["for_trade_id"] = report.id() }
	if got := w.verdict(consume.message(t, deadline)); got != "linecheck.completed consumed" {
		t.Error(got)
	}
	if got := w.used("client/C000001"); got != "60000 0" {
		t.Errorf("after the consumption: %s", got)
	}
	if got := w.verdict(report.message(t, contract.TradeValidated, "again")); !strings.HasPrefix(got, "trade.reserved") {
		t.Errorf("the trade is asked for again: %s", got)
	}
}

// A replica of a version before registered the trade after its expiry: it changed the state, and left the parts of the state before.
func TestARowWithoutItsPartsIsSettledOnce(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	trade := spot{"T1", "C000001", "1000000"}
	b.handle(0, message(t, contract.TradeValidated, trade.id(), "1", soon(), trade.data()))
	b.handle(0, trade.message(t, contract.TradeRegistered, "1"))
	if _, err := b.pool.Exec(t.Context(), "update reservation set open_amount = 0, taken_amount = 0"); err != nil {
		t.Fatal(err)
	}
	b.mustCarry("0 100000")
	b.handle(1, trade.settled(t, 1, "1"))
	b.mustCarry("0 0")
}
