package steps_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/settlement/internal/steps"
)

// Whatever the size of a part, every netting set is one movement, and no leg is lost or instructed twice. The legs of a set have
// different cut-offs; the set is due with the first of them.
func TestWhateverThePartSizeANettingSetIsOneMovement(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c, r := newCore(t), rand.New(rand.NewPCG(seed, 2))
			c.part = 1 + r.IntN(6)
			legs := 20 + r.IntN(20)
			all := make([]trade, 0, legs)
			for i := range legs {
				one := spot(fmt.Sprint(i), fmt.Sprintf("C00000%d", 1+r.IntN(4)), fmt.Sprint(1+r.IntN(9)), "7")
				one.legs[0].date = time.Date(2026, 11, 26+r.IntN(2), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
				all = append(all, one)
			}
			c.register(all...)
			// Half of the trades are due later.
			c.exec("update obligation set due_from = due_from + interval '12 hours' where hashtext(trade_id::text) % 2 = 0")
			asked := map[string]int{}
			for range 4 {
				for _, e := range c.run(steps.ExecuteDue) {
					if e.Type == contract.MovementRequested {
						asked[requestOf(t, e).MovementID]++
					}
				}
				c.clock = c.clock.Add(12 * time.Hour)
			}
			for id, times := range asked {
				if times != 1 {
					t.Errorf("movement %s was requested %d times", id, times)
				}
			}
			if got := c.rows("select state || ' ' || count(*) from obligation where state in ('open', 'failed') group by state"); got != "" {
				t.Errorf("left: %s", got)
			}
			if got := c.rows(`select client || ' ' || value_date || ': ' || count(distinct movement) from obligation
				where client in ('C000002', 'C000004') group by client, value_date having count(distinct movement) <> 1`); got != "" {
				t.Errorf("movements of a set: %s", got)
			}
			if got := c.rows("select movement::text from obligation where client in ('C000001', 'C000003') group by movement having count(*) <> 1"); got != "" {
				t.Errorf("gross movements of several legs: %s", got)
			}
			if got := c.rows("select (count(distinct movement) - (select count(*) from movement))::text from obligation"); got != "0" {
				t.Errorf("%s movements without a leg", got)
			}
			c.balanced()
		})
	}
}
