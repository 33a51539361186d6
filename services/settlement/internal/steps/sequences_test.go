package steps_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
)

// Whatever comes, in whatever order, late, twice: the ledger agrees with the obligations after every step, and in the end
// every leg is settled once and no client's book holds anything.
func TestAnySequenceKeepsTheBooksInBalance(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := &drawn{core: newCore(t), rand: rand.New(rand.NewPCG(seed, 1))}
			for range 25 {
				d.step()
				d.balanced()
			}
			d.settleAll()
			d.balanced()
			if got := d.rows("select state || ' ' || count(*) from obligation where state <> 'settled' group by state"); got != "" {
				t.Errorf("not settled: %s", got)
			}
			if got := d.rows("select book from balance where book like 'client/%' group by book, currency having sum(amount) <> 0"); got != "" {
				t.Errorf("clients' books hold something: %s", got)
			}
		})
	}
}

// drawn draws what happens next.
type drawn struct {
	*core
	rand     *rand.Rand
	trades   int
	requests []event.Event // each may be answered, more than once
	commands int
	dealt    []event.Event // registrations and bookings, each of which may come again
}

func (d *drawn) step() {
	switch d.rand.IntN(7) {
	case 0, 1:
		d.deal()
	case 2:
		d.execute(steps.ExecuteDue)
	case 3:
		d.answer(d.rand.IntN(3) == 0)
	case 4:
		d.clock = d.clock.Add(time.Duration(d.rand.IntN(20)) * time.Hour)
		d.execute(steps.WatchCutOffs)
	case 5:
		d.retry()
	case 6:
		d.again()
	}
}

// again delivers what was told of some trades once more.
func (d *drawn) again() {
	before := inboxtest.Tables(d.T, d.pool)
	for _, i := range d.rand.Perm(len(d.dealt))[:len(d.dealt)/2] {
		queue := steps.Trades(static)
		if d.dealt[i].Type == contract.TradeBooked {
			queue = steps.BookingSteps(static)
		}
		d.good(queue, d.dealt[i])
	}
	if diff := cmp.Diff(before, inboxtest.Tables(d.T, d.pool)); diff != "" {
		d.Errorf("told again: %s", diff)
	}
}

func (d *drawn) deal() {
	d.trades++
	near := d.clock.AddDate(0, 0, d.rand.IntN(3)).Format(time.DateOnly)
	amount := fmt.Sprint(1 + d.rand.IntN(5))
	one := trade{fmt.Sprint(d.trades), fmt.Sprintf("C00000%d", 1+d.rand.IntN(3)), "spot", []leg{{near, "EUR", amount, "USD", amount}}}
	switch d.rand.IntN(3) {
	case 1:
		one.product = "forward"
		one.legs[0].amount = "-" + amount
	case 2:
		one.product = "swap"
		one.legs = append(one.legs, leg{d.clock.AddDate(0, 0, 5).Format(time.DateOnly), "EUR", "-" + amount, "JPY", "160"})
	}
	d.register(one)
	d.dealt = append(d.dealt, one.registered(d.T), d.booked(one, 1))
}

func (d *drawn) execute(job string) {
	for _, e := range d.run(job) {
		if e.Type == contract.MovementRequested {
			d.requests = append(d.requests, e)
		}
	}
}

// answer answers a request, perhaps one that has been answered already.
func (d *drawn) answer(no bool) {
	if len(d.requests) == 0 {
		return
	}
	request := d.requests[d.rand.IntN(len(d.requests))]
	if no {
		d.good(steps.Movements(static), refusedOf(d.T, request, "NOFUNDS"))
		return
	}
	d.made(request)
}

// made says that the mainframe has moved it. The mainframe has one reference for a movement, however often it is asked.
func (d *drawn) made(request event.Event) {
	d.good(steps.Movements(static), madeOf(d.T, request, "M"+requestOf(d.T, request).MovementID, d.clock))
}

func (d *drawn) retry() {
	id := d.rows("select coalesce(min(id::text), '') from movement where state in ('refused', 'overdue')")
	if id == "" {
		return
	}
	d.commands++
	d.requests = append(d.requests, d.good(steps.Movements(static), told(d.T, contract.SettlementCommanded, fmt.Sprint(d.commands), messages.Commanded{
		MovementID: id, Action: messages.Retry, By: "U0001", Reason: "drawn",
	}))...)
}

// settleAll executes what is left, tries again what failed, and has the mainframe move everything.
func (d *drawn) settleAll() {
	d.clock = d.clock.AddDate(0, 0, 30)
	d.execute(steps.ExecuteDue)
	for d.rows("select coalesce(min(id::text), '') from movement where state in ('refused', 'overdue')") != "" {
		d.retry()
	}
	for _, request := range d.requests {
		d.made(request)
	}
}
