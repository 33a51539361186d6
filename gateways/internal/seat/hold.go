package seat

import (
	"maps"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/lease"
	"fxcore/lambda/run"
)

// Hold registers what decides which sessions this instance serves: their leases. It is stopped before what was registered
// before it, which still carries the last words out.
func Hold(app *run.App, cfg lease.Config, db *pgxpool.Pool, seats *Seats) {
	keeper := lease.New(db, lease.Identity(app.Source), cfg, seats, app.Log)
	keeper.Want(slices.Sorted(maps.Keys(seats.seats))...)
	app.Go("leases", keeper.Run)
	app.Health.Add("leases", keeper.Ready)
	app.Health.Add("leases known", keeper.Settled)
	app.Health.Active(seats.Active)
}
