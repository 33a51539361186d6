package failover

import (
	"context"
	"fmt"
	"time"

	"fxcore/scripts/testbench/faults/internal/trial"
)

// Away is one failover: how long the provider was away, the steps of that, and what the machine took for the raw act just before.
type Away struct {
	Took  time.Duration
	Raw   Raw
	Steps Steps

	began  time.Time
	tenure trial.Tenure
	leased time.Time
	logged time.Time
}

// Steps are the parts of a failover, one after the other.
type Steps struct {
	Lease time.Duration // until the other instance has the lease
	Begin time.Duration // until it serves the session
	Logon time.Duration // until the provider is logged on
	Trade time.Duration // until a request is granted that the provider made after the failover
}

// measured notes when each step of a failover ended. When the session was served becomes known later, see (*gateway).complete.
func (g *gateway) measured(ctx context.Context, u user, began time.Time, took time.Duration, raw Raw) (a Away, err error) {
	a = Away{Took: took, Raw: raw, began: began}
	if a.tenure, a.leased, err = g.core.Leased(ctx, g.kind, u.provider); err != nil {
		return a, err
	}
	a.logged, err = g.core.LoggedOn(ctx, g.kind, u.provider)
	return a, err
}

// complete computes the steps, once failover's history has all that happened.
func (g *gateway) complete(ctx context.Context) error {
	for _, all := range [][]Away{g.kills, g.moves} {
		for i := range all {
			a := &all[i]
			taken, err := g.core.Taken(ctx, a.began)
			if err != nil {
				return err
			}
			served, known := taken[a.tenure]
			if !known {
				return fmt.Errorf("failover's history does not have %v", a.tenure)
			}
			a.Steps = Steps{
				Lease: a.leased.Sub(a.began), Begin: served.Sub(a.leased), Logon: a.logged.Sub(served), Trade: a.began.Add(a.Took).Sub(a.logged),
			}
		}
	}
	return nil
}
