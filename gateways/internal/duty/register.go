package duty

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/lease"
	"fxcore/lambda/run"
)

var errStopping = errors.New("stopping")

// Gateway is what Register needs from an instance of a gateway.
type Gateway struct {
	Name     string // the first word of its instances' names, and the origin of their events
	Lease    lease.Config
	DB       *pgxpool.Pool // has the leases
	Bus      *amqp.Bus     // its topology must include what Topology adds
	Tenant   Tenant
	Barred   amqp.Handler     // of what is said about barred providers
	Sessions func() []Session // returns the present state of all sessions that it could serve
}

// Register registers the keeper of the leases and the reports with the app. It returns the keeper; the caller tells it which
// leases the instance wants.
//
// The app stops these parts before the parts that were registered earlier. First the instance reports that it is not ready,
// then it gives its leases back. The earlier parts still run, so the sessions can send their last messages.
func Register(app *run.App, g Gateway) *lease.Keeper {
	told := &facts{bus: g.Bus, gateway: g.Name, instance: app.Source, waiting: make(chan event.Event, untold), log: app.Log}
	reports := &reporter{
		bus: g.Bus, gateway: g.Name, instance: app.Source, started: time.Now().UTC(), news: make(chan struct{}, 1), log: app.Log,
	}
	observed := &tenant{Tenant: g.Tenant, facts: told, news: reports.changed, terms: map[string]term{}}
	keeper := lease.New(g.DB, lease.Identity(app.Source), g.Lease, observed, app.Log)
	served := &served{held: func() []string { return held(g.Sessions(), keeper) }, serves: g.Tenant.Serves, rest: keeper.Rest, log: app.Log}
	observed.unserved = func(provider string) { served.giveBack(provider, errNotTaken) }
	reports.pace = keeper.Pace
	reports.look = func(ctx context.Context) ([]sessionState, error) {
		return sessions(g.Sessions(), keeper), errors.Join(g.Bus.Ready(), keeper.Ready(ctx))
	}
	app.Go("facts", told.run)
	app.Go("leases", keeper.Run)
	app.Go("served leases", served.run)
	app.Health.Add("leases", keeper.Ready)
	app.Health.Holds(func() []string { return held(g.Sessions(), keeper) })
	app.Health.Add("leases known", keeper.Settled)
	app.Health.Warn("pace", func(context.Context) error { return slow(keeper.Pace()) })
	app.Health.Measure("fx_lease_length_seconds", func() float64 { return keeper.Pace().Length.Seconds() })
	app.Health.Measure("fx_lease_lateness_seconds", func() float64 { return keeper.Pace().Late.Seconds() })
	app.Health.Measure("fx_lease_lapses_total", func() float64 { return float64(keeper.Pace().Lapses) })
	app.Go("reports", reports.run)
	app.Consume(g.Bus, Queue(g.Name), commands{mover{db: g.DB, log: app.Log, now: time.Now}, g.Barred})
	return keeper
}

// held returns the providers whose leases the instance holds.
func held(all []Session, keeper *lease.Keeper) (names []string) {
	for _, s := range all {
		if _, ok := keeper.Held(s.Provider); ok {
			names = append(names, s.Provider)
		}
	}
	return names
}

// slow returns an error while leases last long because the process runs late.
func slow(p lease.Pace) error {
	if !p.Slow {
		return nil
	}
	return fmt.Errorf("the process runs up to %s late: leases last %s, and so does a takeover", p.Late.Round(time.Millisecond), p.Length.Round(time.Millisecond))
}

func sessions(all []Session, keeper *lease.Keeper) []sessionState {
	reported := make([]sessionState, len(all))
	for i, s := range all {
		epoch, ok := keeper.Held(s.Provider)
		reported[i] = sessionState{Provider: s.Provider, Held: ok, Epoch: epoch, LoggedOn: ok && s.LoggedOn, Since: s.Since.UTC()}
	}
	return reported
}
