package provider

import (
	"maps"
	"reflect"
	"slices"
)

// Difference is what has to be done when one set of providers takes the place of another.
type Difference struct {
	Added   []Provider
	Removed []Provider
	Anew    []Provider // their sessions end, and begin again by the new rules
	Update  []Provider // their sessions go on
}

// Compare finds out what differs, in the order of the sets. Providers are the same by their id.
func Compare(before, after []Provider) Difference {
	was, is := byID(before), byID(after)
	var d Difference
	for _, p := range before {
		if _, stays := is[p.ID]; !stays {
			d.Removed = append(d.Removed, p)
		}
	}
	for _, p := range after {
		old, known := was[p.ID]
		switch {
		case !known:
			d.Added = append(d.Added, p)
		case !old.sameSession(p):
			d.Anew = append(d.Anew, p)
		case !old.sameDoor(p):
			d.Update = append(d.Update, p)
		}
	}
	return d
}

func byID(providers []Provider) map[string]Provider {
	all := make(map[string]Provider, len(providers))
	for _, p := range providers {
		all[p.ID] = p
	}
	return all
}

// sameSession tells whether a session goes on when one provider takes the place of another: what differs, if anything,
// is looked at when the provider logs on, or paces it.
func (p Provider) sameSession(q Provider) bool {
	return p.BeginString == q.BeginString && p.DefaultApplVerID == q.DefaultApplVerID && p.CompID == q.CompID &&
		p.OurCompID == q.OurCompID && p.Reset == q.Reset && p.Dialect == q.Dialect &&
		reflect.DeepEqual(p.Variation, q.Variation) && p.Schedule.Same(q.Schedule) && p.CancelAfter == q.CancelAfter
}

// sameDoor tells whether what is looked at without a session is the same.
func (p Provider) sameDoor(q Provider) bool {
	return p.User == q.User && p.PasswordHash == q.PasswordHash && p.MaxHeartbeat == q.MaxHeartbeat &&
		slices.Equal(p.Addresses, q.Addresses) && p.Certificate == q.Certificate && p.Throttle == q.Throttle
}

// IDs are the ids of providers, sorted.
func IDs(providers []Provider) []string { return slices.Sorted(maps.Keys(byID(providers))) }
