package steps

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// reportOf700 is a report of 700,000 on the check L1. The provider reserved 1,000,000 and consumed 400,000: the report takes
// over these first, and 300,000 of what is open.
func reportOf700() using {
	return using{spot: spot{"T1", "C000001", "700000"}, check: "L1", kind: messages.Reported}
}

func consumeOf400() checkOf {
	c := resolving(messages.Consume, "L2", "L1")
	c.amount = "400000"
	return c
}

func TestARejectedReportGivesBackWhatItsCheckHadConsumed(t *testing.T) {
	t.Parallel()
	cancel := resolving(messages.Cancel, "L3", "L1")
	for rule, c := range map[string]struct {
		after     time.Duration
		meanwhile *checkOf
		used      string
	}{
		"while the check lasts, also what was open": {time.Second, nil, "60000 40000"},
		"after the check has expired":               {line.DefaultLife, nil, "0 40000"},
		"after the provider has cancelled the rest": {time.Second, &cancel, "0 40000"},
	} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		w.verdict(consumeOf400().message(t, deadline))
		w.verdict(reportOf700().message(t, contract.TradeValidated, "1"))
		if got := w.used("client/C000001"); got != "100000 0" {
			t.Errorf("%s: the report and the rest carry %s", rule, got)
		}
		if c.meanwhile != nil {
			w.verdict(c.meanwhile.message(t, deadline))
		}
		w.now = noon.Add(c.after)
		for _, way := range []string{"1", "again"} {
			w.verdict(reportOf700().message(t, contract.TradeRejected, way))
		}
		if c.after >= line.DefaultLife {
			w.book.ExpireDue(w.now)
		}
		if got := w.used("client/C000001"); got != c.used {
			t.Errorf("%s: %s, want %s", rule, got, c.used)
		}
	}
}

// lapse moves the expiry of all reservations of a kind into the past, by so long.
func (b *bank) lapse(kind line.Kind, by time.Duration) {
	b.t.Helper()
	const sql = "update reservation set expires_at = clock_timestamp() - $2 * interval '1 microsecond' where state = 'RESERVED' and kind = $1"
	if _, err := b.pool.Exec(b.t.Context(), sql, string(kind), by.Microseconds()); err != nil {
		b.t.Fatal(err)
	}
}

// reported returns a bank in which the report has taken its parts over.
func reported(t *testing.T) *bank {
	t.Helper()
	b := newBank(t)
	b.handle(0, reserving("L1", "1000000").message(t, soon()))
	b.handle(1, consumeOf400().message(t, soon()))
	e := reportOf700().message(t, contract.TradeValidated, "1")
	e.Deadline = soon()
	if got := b.handle(0, e)[0]; got != "trade.reserved " {
		t.Fatal(got)
	}
	b.mustCarry("100000 0")
	return b
}

func TestAReportThatExpiresGivesBackWhatItsCheckHadConsumed(t *testing.T) {
	t.Parallel()
	by := map[string]func(*testing.T, *bank){
		"by the job": func(t *testing.T, b *bank) {
			t.Helper()
			handle(t, Jobs().Handler(b.pool, "linecheck/0", testkit.Log(t)), due(t, "1", ordinary()))
		},
		"by the next check of the client": func(t *testing.T, b *bank) {
			t.Helper()
			if got := b.handle(1, reserving("huge", "1900000").message(t, soon()))[0]; got != "linecheck.rejected line_exceeded" {
				t.Error(got)
			}
		},
	}
	for name, expire := range by {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := reported(t)
			b.lapse(line.ForTrade, time.Millisecond)
			expire(t, b)
			b.mustCarry("60000 40000")
		})
		t.Run(name+", after its check", func(t *testing.T) {
			t.Parallel()
			b := reported(t)
			b.lapse(line.ForTrade, time.Millisecond)
			b.lapse(line.ForCheck, 2*time.Millisecond)
			expire(t, b)
			b.mustCarry("0 40000")
		})
	}
}

// The registration comes after the report's reservation has expired: the deal counts once.
func TestAReportThatIsRegisteredAfterItsExpiryCountsOnce(t *testing.T) {
	t.Parallel()
	b := reported(t)
	b.lapse(line.ForTrade, time.Millisecond)
	handle(t, Jobs().Handler(b.pool, "linecheck/0", testkit.Log(t)), due(t, "1", ordinary()))
	for i := range b.replicas {
		b.handle(i, []event.Event{reportOf700().message(t, contract.TradeRegistered, "1")}...)
		b.mustCarry("30000 70000")
	}
}
