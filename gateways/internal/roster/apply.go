package roster

import (
	"context"
	"errors"
	"fmt"
)

// Apply puts a new set of providers into force. A change of one provider may fail while the others succeed. The next call
// with the same set tries the failed changes again.
func (r *Roster[P, S]) Apply(ctx context.Context, providers []P) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	d := Compare(r.known, providers)
	for _, p := range d.Update {
		r.update(p)
	}
	for _, p := range d.Added {
		r.add(ctx, p)
	}
	failed := r.side(ctx, d.Removed, r.remove)
	for id, err := range r.side(ctx, d.Anew, r.anew) {
		failed[id] = err
	}
	r.known = inForce(r.known, providers, failed)
	r.gateway.Admit(r.seats())
	r.keeper.Want(r.names()...)
	var faults []error
	for _, p := range r.known {
		if err := failed[p.Name()]; err != nil {
			faults = append(faults, fmt.Errorf("provider %s: %w", p.Name(), err))
		}
	}
	return errors.Join(faults...)
}

// inForce returns the new set. A provider whose change failed is in it as it was before, or not at all if it was not.
func inForce[P Provider[P]](before, after []P, failed map[string]error) []P {
	var now []P
	for _, p := range after {
		if failed[p.Name()] == nil {
			now = append(now, p)
		}
	}
	for _, p := range before {
		if failed[p.Name()] != nil {
			now = append(now, p)
		}
	}
	return now
}
