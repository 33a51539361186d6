package steps

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

// rows returns the reservations as text, but for what the time decides.
func (b *bank) rows() (text string) {
	b.t.Helper()
	const sql = `
		select string_agg(concat_ws(' ', id, kind, exposure, near_date, near_receivable, state, open_of(r), taken_of(r), value_date, netted,
			from_check, trim_scale(from_amount), trim_scale(from_taken), netting_of(r) ->> 'deal'), e'\n' order by id)
		from reservation r`
	if err := b.pool.QueryRow(b.t.Context(), sql).Scan(&text); err != nil {
		b.t.Fatal(err)
	}
	return text
}

// A reservation is lost and trade.registered is delivered again: lines, netting set and line check are what they were. The trade sold,
// so that its netting set has something to offset, and it has taken a part over that its check had consumed.
func TestALostReservationIsRebuiltFromItsMessage(t *testing.T) {
	t.Parallel()
	for _, netted := range []bool{false, true} {
		for _, kind := range []string{"request", messages.Reported} {
			whole, lost := nettedBank(t, netted), nettedBank(t, netted)
			bought := spot{"T0", "C000001", "300000"}
			check := reserving("L1", "1000000")
			check.change = func(r map[string]any) { r["side"] = "sell" }
			for _, b := range []*bank{whole, lost} {
				b.handle(0, message(t, contract.TradeValidated, bought.id(), "1", soon(), bought.data()))
				b.handle(0, bought.message(t, contract.TradeRegistered, "1"))
				b.handle(0, check.message(t, soon()))
				if kind == messages.Reported {
					b.handle(0, consumeOf400().message(t, soon()))
				}
			}
			trade := spot{"T1", "C000001", "700000"}
			data := trade.data()
			maps.Copy(data["request"].(map[string]any), map[string]any{"kind": kind, "line_check": map[string]any{"check_id": check.id()}})
			legOf(data)["base_side"] = "sell"
			reserved := message(t, contract.TradeValidated, trade.id(), "1", soon(), data)
			results := whole.replicas[0].Handle(t.Context(), []event.Event{reserved})
			if results[0].Err != nil || results[0].Emit[0].Type != contract.TradeReserved {
				t.Fatalf("%+v", results)
			}
			registered := message(t, contract.TradeRegistered, trade.id(), "1", time.Time{}, results[0].Emit[0].Data)
			for _, b := range []*bank{whole, lost} {
				b.handle(1, registered)
				mustBalance(t, b.pool)
			}
			if diff := cmp.Diff(whole.rows(), lost.rows()); diff != "" {
				t.Errorf("netted %t, %s: %s", netted, kind, diff)
			}
			if diff := cmp.Diff(whole.carries(), lost.carries()); diff != "" {
				t.Errorf("netted %t, %s: %s", netted, kind, diff)
			}
		}
	}
}

// The check is lost, too: the trade counts by itself, and can be settled.
func TestALostTradeWithoutItsCheckCanBeSettled(t *testing.T) {
	t.Parallel()
	b := nettedBank(t, true)
	trade := spot{"T1", "C000001", "700000"}
	data := trade.data()
	data["reserved"] = map[string]any{
		"exposure": "70000", "expires_at": noon, "nodes": []any{},
		"basis": map[string]any{
			"settlements": []any{map[string]any{"value_date": "2026-11-26", "amount": "700000"}},
			"line_check":  map[string]any{"check_id": reserving("L1", "").id(), "amount": "700000", "currency": "EUR", "exposure": "70000"},
			"exchange":    map[string]any{"base": "700000", "quote": "700000", "value": "700000"},
		},
	}
	b.handle(0, message(t, contract.TradeRegistered, trade.id(), "1", time.Time{}, data))
	b.mustCarry("0 70000")
	b.handle(1, trade.settled(t, 1, "1"))
	b.mustCarry("0 0")
}
