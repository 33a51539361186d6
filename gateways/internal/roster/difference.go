package roster

import (
	"maps"
	"slices"
)

// Provider is one entry of a provider file.
type Provider[P any] interface {
	// Name is the provider's id.
	Name() string
	// SameSession reports whether the session can go on when other replaces this entry. Then the entries differ at most in
	// rules that are read at the logon, or that limit the provider's rate.
	SameSession(other P) bool
	// SameDoor reports whether the rules that are read without a session are the same.
	SameDoor(other P) bool
}

// Difference is what has to be done when one set of providers replaces another.
type Difference[P any] struct {
	Added   []P
	Removed []P
	Anew    []P // their sessions end, and begin again by the new rules
	Update  []P // their sessions go on
}

// Compare returns the difference of two sets, in the order of the sets. It identifies providers by their names.
func Compare[P Provider[P]](before, after []P) Difference[P] {
	was, wanted := byName(before), byName(after)
	var d Difference[P]
	for _, p := range before {
		if _, stays := wanted[p.Name()]; !stays {
			d.Removed = append(d.Removed, p)
		}
	}
	for _, p := range after {
		old, known := was[p.Name()]
		switch {
		case !known:
			d.Added = append(d.Added, p)
		case !old.SameSession(p):
			d.Anew = append(d.Anew, p)
		case !old.SameDoor(p):
			d.Update = append(d.Update, p)
		}
	}
	return d
}

func byName[P Provider[P]](providers []P) map[string]P {
	all := make(map[string]P, len(providers))
	for _, p := range providers {
		all[p.Name()] = p
	}
	return all
}

// Names returns the names of providers, sorted.
func Names[P Provider[P]](providers []P) []string { return slices.Sorted(maps.Keys(byName(providers))) }
