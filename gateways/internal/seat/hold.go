package seat

import (
	"maps"
	"slices"

	"fxcore/gateways/internal/duty"
	"fxcore/lambda/run"
)

// Hold registers what decides which sessions this instance serves, and what tells of it: their leases, and its duty to
// those who plan. It is stopped before what was registered before it, which still carries the last words out.
func Hold(app *run.App, g duty.Gateway, seats *Seats) {
	g.Tenant = seats
	app.Health.Active(seats.Active)
	duty.Hold(app, g).Want(slices.Sorted(maps.Keys(seats.seats))...)
}
