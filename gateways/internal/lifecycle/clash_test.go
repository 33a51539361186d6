package lifecycle_test

import (
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
)

// Clash is never asked for here: no reference is used twice.
func (w *world) Clash(e event.Event, _ *store.Answer) (string, error) { return w.FromEvent(e) }
