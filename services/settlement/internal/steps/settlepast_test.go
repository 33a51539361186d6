package steps_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/contract"
	"fxcore/services/jobs/jobstest"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// tooLate registers trades of the morning's date and lets their cut-off pass.
func (c *core) tooLate(n int) {
	c.Helper()
	all := make([]trade, n)
	for i := range all {
		all[i] = spot(fmt.Sprint("past ", i), "C000001", "100", "111.72")
	}
	c.register(all...)
	c.clock = morning.AddDate(0, 0, 1)
	c.run(steps.ExecuteDue)
}

// A bank that has taken over its trades settles those of past dates by hand, in one go. What the mainframe was asked for, and what is of a
// later date, is not touched.
func TestPastMovementsAreSettledByHandInOneGo(t *testing.T) {
	c := newCore(t)
	c.register(spot("asked", "C000001", "5", "6"))
	c.good(steps.Movements(static), refusedOf(t, c.run(steps.ExecuteDue)[0], "NOFUNDS"))
	c.tooLate(3)
	c.clock = morning
	if got := c.run(steps.SettlePast); len(got) != 0 {
		t.Errorf("%d legs of today were settled", len(got))
	}
	c.clock = morning.AddDate(0, 0, 1)
	told := c.run(steps.SettlePast)
	for _, e := range told {
		if got := dataOf[messages.Settled](t, e, contract.SettlementSettled); !got.ByHand || got.Reference != "BEFORE 2026-11-27" {
			t.Errorf("%+v", got)
		}
	}
	if got := c.rows("select state || ' ' || acted_by || ' ' || acted_why || ' ' || count(*) from movement group by state, acted_by, acted_why order by 1"); len(told) != 3 ||
		got != "by_hand U0001 test 3\nrefused   1" {
		t.Errorf("%d legs told: %s", len(told), got)
	}
	if got := c.rows("select book || ' ' || currency || ' ' || sum(amount) from balance where book like 'suspense/%' group by book, currency order by 1"); got !=
		"suspense/EUR EUR 300\nsuspense/USD USD -335.16" {
		t.Error(got)
	}
	c.balanced()
}

func TestTheJobThatSettlesPastDates(t *testing.T) {
	jobstest.Exercise(t, jobstest.Job{
		Set: steps.Jobs(static, partSize, nil), Name: steps.SettlePast, Due: morning.Add(48 * time.Hour), Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			c := &core{T: t, pool: pool, clock: morning}
			c.tooLate(250)
			c.forgetRuns()
		},
	})
}
