package steps

import (
	"testing"

	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// smallLine gives the client a line of USD 100,000, which one deal of EUR 3 m uses up: 99,999 at an add-on of 3.3333 %.
func smallLine(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	s := w.static.snapshot
	s.Limits[line.Node{Level: line.Client, ID: "C000001"}] = usd(line.Limit{Amount: dec("100000")})
	s.Holdings, s.AddOns = nil, line.AddOns{{Tenor: tenor("1Y"), Factor: dec("0.033333")}}
	return w
}

// Case 3 of the field: a client with a line of USD 100,000 reserves EUR 3 m, then deals the same.
func TestALineOfOneDealBearsTheCheckAndItsDealOfThreeMillion(t *testing.T) {
	t.Parallel()
	w := smallLine(t)
	if got := w.verdict(reserving("L1", "3000000").message(t, deadline)); got != "linecheck.completed approved" {
		t.Fatal(got)
	}
	if got := w.verdict(spot{"T0", "C000001", "3000000"}.message(t, contract.TradeValidated, "1")); got != "trade.rejected line_exceeded" {
		t.Errorf("a second deal, which names no check: %s", got)
	}
	deal := using{spot: spot{"T1", "C000001", "3000000"}, check: "L1"}
	if got := w.verdict(deal.message(t, contract.TradeValidated, "1")); got != "trade.reserved " || w.used("client/C000001") != "99999 0" {
		t.Errorf("the deal on the reservation: %s, the client carries %s", got, w.used("client/C000001"))
	}
	w.verdict(deal.message(t, contract.TradeRegistered, "1"))
	if got := w.used("client/C000001"); got != "0 99999" {
		t.Errorf("after the deal the client carries %s", got)
	}
}

// Case 4: reserve, consume, then report the same deal.
func TestALineOfOneDealBearsTheCheckItsConsumptionAndItsReport(t *testing.T) {
	t.Parallel()
	w := smallLine(t)
	report := using{spot: spot{"T1", "C000001", "3000000"}, check: "L1", kind: messages.Reported}
	w.verdict(reserving("L1", "3000000").message(t, deadline))
	w.verdict(resolving(messages.Consume, "L2", "L1").message(t, deadline))
	if got := w.verdict(report.message(t, contract.TradeValidated, "1")); got != "trade.reserved " {
		t.Error(got)
	}
	w.verdict(report.message(t, contract.TradeRegistered, "1"))
	if got := w.used("client/C000001"); got != "0 99999" {
		t.Errorf("the client carries %s", got)
	}
}

// Case 5: EUR 1 m of EUR 3 m is consumed, and 2 m stay open: they can be dealt or cancelled.
func TestOneMillionOfThreeIsConsumedAndTwoStayOpen(t *testing.T) {
	t.Parallel()
	w := smallLine(t)
	w.verdict(reserving("L1", "3000000").message(t, deadline))
	consume := resolving(messages.Consume, "L2", "L1")
	consume.amount = "1000000"
	emitted, err := w.deliver(consume.message(t, deadline))
	if err != nil {
		t.Fatal(err)
	}
	r := read[struct{ Result messages.Result }](t, emitted[0]).Result
	if r.Decision != messages.Consumed || !r.Amount.Equal(dec("1000000")) || !r.Open.Equal(dec("2000000")) || !r.Taken.Equal(dec("1000000")) {
		t.Errorf("%s", emitted[0].Data)
	}
	if got := w.used("client/C000001"); got != "66666 33333" {
		t.Errorf("the client carries %s", got)
	}
	deal := using{spot: spot{"T1", "C000001", "1500000"}, check: "L1"}
	if got := w.verdict(deal.message(t, contract.TradeValidated, "1")); got != "trade.reserved " || w.used("client/C000001") != "66666 33333" {
		t.Errorf("a deal of what is open: %s, the client carries %s", got, w.used("client/C000001"))
	}
	emitted, err = w.deliver(resolving(messages.Cancel, "L3", "L1").message(t, deadline))
	if err != nil {
		t.Fatal(err)
	}
	if r = read[struct{ Result messages.Result }](t, emitted[0]).Result; !r.Amount.Equal(dec("500000")) || w.used("client/C000001") != "49999.5 33333" {
		t.Errorf("the rest is cancelled: %s, the client carries %s", emitted[0].Data, w.used("client/C000001"))
	}
}
