package static

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// record reads one record of a set.
func record[T any](t *testing.T, d *Deliverer, set, id string) (got T, version int64, asOf time.Time) {
	t.Helper()
	all, page := fetch(t, d, set)
	if err := json.Unmarshal(all[id], &got); err != nil {
		t.Fatal(set, id, err)
	}
	return got, page.Version, page.AsOf
}

func TestDayThatIsRunAheadIsSeenInTheClockAndInTheTimesOfAllSets(t *testing.T) {
	host := hosttest.Start(t)
	d := delivererAhead(t, host.Addr, AnyAhead)
	before, version, _ := record[clock](t, d, "clock", "bank")
	if before.OffsetSeconds != 0 || before.BusinessDay == "" {
		t.Errorf("%+v", before)
	}
	host.Order("/day")
	host.Kill()
	host.Run() // the offset stays
	var after clock
	testkit.Eventually(t, "the clock", 20*time.Second, func() error {
		pages := pages(t, d.Handle(t.Context(), []event.Event{request(t, "clock", 0)})[0])
		if len(pages) == 0 {
			return errors.New("the mainframe is away")
		}
		if pages[0].Version <= version {
			return fmt.Errorf("version %d", pages[0].Version)
		}
		return json.Unmarshal(pages[0].Records["bank"], &after)
	})
	if after.BusinessDay <= before.BusinessDay || after.OffsetSeconds < 1 {
		t.Errorf("%+v after %+v", after, before)
	}
	ahead := time.Duration(after.OffsetSeconds) * time.Second
	for _, set := range []string{"rates", "clients", "accounts", "clock"} {
		if _, page := fetch(t, d, set); time.Until(page.AsOf) < ahead-time.Hour {
			t.Errorf("%s as of %s, the clock is %s ahead", set, page.AsOf, ahead)
		}
	}
}

func TestBalanceThatIsSetIsListed(t *testing.T) {
	host := hosttest.Start(t)
	d := deliverer(t, host.Addr)
	first, _, _ := record[account](t, d, "accounts", "C000001-EUR")
	host.Order("/balance?account=C000001-EUR&amount=12.5")
	testkit.Eventually(t, "the new balance", time.Minute, func() error {
		got, _, _ := record[account](t, d, "accounts", "C000001-EUR")
		if got.Balance.String() != "12.5" || got.Balance.Equal(first.Balance) {
			return fmt.Errorf("%s", got.Balance)
		}
		return nil
	})
}
