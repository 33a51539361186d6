package seat

import (
	"fxcore/gateways/internal/duty"
	"fxcore/lambda/lease"
	"fxcore/lambda/run"
)

// Hold registers what decides which sessions this instance serves, and what tells of it: their leases, and its duty to
// those who plan, for which g lacks but the tenant and its sessions. It is stopped before what was registered before it, which
// still carries the last words out. It returns the keeper of the leases, for a gateway whose seats change.
func Hold(app *run.App, g duty.Gateway, seats *Seats) *lease.Keeper {
	g.Tenant, g.Sessions = seats, seats.sessions
	app.Health.Active(seats.Active)
	keeper := duty.Hold(app, g)
	keeper.Want(seats.Names()...)
	return keeper
}
