package steps_test

import (
	"fmt"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/steps"
)

// windows is a client's netting set whose legs have two windows: the first leg could be paid from morning on, the second one half a day
// later. Each of them is a trade of its own. The mainframe has not booked the first one yet.
type windows struct {
	*core
	first, second trade
	asked         map[string]int // requests by movement
}

func newWindows(t *testing.T, part int) *windows {
	t.Helper()
	w := &windows{newCore(t), spot("1", "C000002", "100", "111.72"), spot("2", "C000002", "-60", "67"), map[string]int{}}
	w.part = part
	for _, one := range []*trade{&w.first, &w.second} {
		one.legs[0].date = "2026-11-27"
	}
	w.registerOnly(w.first, w.second)
	w.begins(w.first, morning)
	w.begins(w.second, morning.Add(12*time.Hour))
	return w
}

// begins moves the window of a trade: it lasts for a day.
func (w *windows) begins(one trade, at time.Time) {
	w.Helper()
	w.exec("update obligation set due_from = $2, not_after = $3 where trade_id = $1", one.id(), at, at.AddDate(0, 0, 1))
}

// pays runs the execution twice and fails the test unless the runs request these amounts, and each movement once.
func (w *windows) pays(after, want string) {
	w.Helper()
	var requests []event.Event
	for range 2 {
		requests = append(requests, only(contract.MovementRequested, w.run(steps.ExecuteDue))...)
	}
	for _, r := range requests {
		w.asked[requestOf(w.T, r).MovementID]++
	}
	if got := w.amounts(requests); got != want {
		w.Errorf("after %s: pays %q, want %q", after, got, want)
	}
	for id, times := range w.asked {
		if times != 1 {
			w.Errorf("after %s: movement %s was requested %d times", after, id, times)
		}
	}
	w.balanced()
}

// A leg whose trade is not booked has a movement of its own. What is left of its netting set is not due with it: it is paid when its own
// window begins, and once. Each run is after an event.
func TestALegThatIsNotBookedDoesNotMakeItsSetDue(t *testing.T) {
	booked := func(w *windows) { w.book(w.first, 1) }
	refused := func(w *windows) { w.good(steps.Trades(static), w.first.bookingRefused(w.core)) }
	for _, c := range []struct {
		name         string
		before       func(*windows) // the second window begins
		paid         string
		later        func(*windows)
		atItsTime    string
		late         func(*windows)
		lately, ends string
	}{
		{"booked at last", nil, "", nil, "60 ", booked, "100 ", "instructed 2"},
		{"booked before the other's window", booked, "40 ", nil, "", nil, "", "instructed 2"},
		{"refused before the other's window", refused, "", nil, "60 ", nil, "", "failed 1 instructed 1"},
		{"refused at last", nil, "", nil, "60 ", refused, "", "failed 1 instructed 1"},
		{"booked with the other's window", nil, "", booked, "40 ", nil, "", "instructed 2"},
	} {
		for _, part := range []int{1, 2, partSize} {
			t.Run(fmt.Sprintf("%s, parts of %d", c.name, part), func(t *testing.T) {
				w := newWindows(t, part)
				happens := func(what func(*windows)) {
					if what != nil {
						what(w)
					}
				}
				w.pays("the registration", "")
				w.book(w.second, 1)
				w.pays("the booking of the second trade", "")
				happens(c.before)
				w.pays("the word about the first trade", c.paid)
				w.clock = morning.Add(12*time.Hour - time.Second)
				w.pays("the last second before the second window", "")
				w.clock = morning.Add(12 * time.Hour)
				happens(c.later)
				w.pays("the begin of the second window", c.atItsTime)
				happens(c.late)
				w.pays("the late word about the first trade", c.lately)
				if got := w.rows("select string_agg(state || ' ' || n, ' ' order by state) from (select state, count(*) n from obligation group by state) s"); got != c.ends {
					t.Errorf("in the end: %s, want %s", got, c.ends)
				}
			})
		}
	}
}
