package duty

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/lease"
	"fxcore/lambda/run"
)

var errStopping = errors.New("stopping")

// Gateway is what an instance of a gateway brings with it.
type Gateway struct {
	Name     string // the first word of its instances' names, and the origin of what they say
	Lease    lease.Config
	DB       *pgxpool.Pool // with the leases
	Bus      *amqp.Bus     // its topology has what Topology adds
	Tenant   lease.Tenant
	Sessions func() []Session // that it could serve, as they are now
}

// Register registers the keeper of the leases and what reports on them. It returns the keeper, which is to be told what
// the instance wants. Everything is stopped before what was registered before, which still carries the sessions' last
// words out: first the instance says that it is not ready, and then it gives the leases that it holds.
func Register(app *run.App, g Gateway) *lease.Keeper {
	told := &facts{bus: g.Bus, gateway: g.Name, instance: app.Source, waiting: make(chan event.Event, untold), log: app.Log}
	reports := &reporter{
		bus: g.Bus, gateway: g.Name, instance: app.Source, started: time.Now().UTC(), news: make(chan struct{}, 1), log: app.Log,
	}
	observed := &tenant{Tenant: g.Tenant, facts: told, news: reports.changed, terms: map[string]term{}}
	keeper := lease.New(g.DB, lease.Identity(app.Source), g.Lease, observed, app.Log)
	reports.look = func(ctx context.Context) ([]sessionState, error) {
		return sessions(g.Sessions(), keeper), errors.Join(g.Bus.Ready(), keeper.Ready(ctx))
	}
	app.Go("facts", told.run)
	app.Go("leases", keeper.Run)
	app.Health.Add("leases", keeper.Ready)
	app.Health.Add("leases known", keeper.Settled)
	app.Go("reports", reports.run)
	app.Consume(g.Bus, Queue(g.Name), mover{db: g.DB, log: app.Log, now: time.Now})
	return keeper
}

func sessions(all []Session, keeper *lease.Keeper) []sessionState {
	reported := make([]sessionState, len(all))
	for i, s := range all {
		epoch, ok := keeper.Held(s.Provider)
		reported[i] = sessionState{Provider: s.Provider, Held: ok, Epoch: epoch, LoggedOn: ok && s.LoggedOn, Since: s.Since.UTC()}
	}
	return reported
}
