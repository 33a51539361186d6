// Package schedule decides when a data set is asked for again, and asks.
package schedule

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/mirror"
)

// Set is a data set and its rhythm.
type Set struct {
	Name   string
	Every  time.Duration // asked for again this long after it was last loaded or confirmed
	Again  time.Duration // asked once more if nothing came for this long
	Answer time.Duration // an answer that comes later is no use
	Stale  time.Duration // older than this it is a warning

	// Optional is a set that the mainframe need not have: it is no warning that it was never loaded.
	Optional bool
}

// Sets returns all sets with their rhythms: rates tick, quotes stand for minutes, the bank's clock is moved by hand where days are
// run ahead, everything else changes by the day.
func Sets() []Set {
	sets := []Set{
		{Name: "rates", Every: 2 * time.Second, Again: 2 * time.Second, Answer: 5 * time.Second, Stale: 30 * time.Second},
		{Name: "quotes", Every: 5 * time.Second, Again: 2 * time.Second, Answer: 10 * time.Second, Stale: 2 * time.Minute},
		{Name: "clock", Every: 2 * time.Second, Again: 2 * time.Second, Answer: 5 * time.Second, Stale: 2 * time.Minute, Optional: true},
	}
	for _, name := range []string{
		"clients", "groups", "lines", "holdings", "accounts", "providers", "users", "desks", "calendars", "currencies", "pairs", "points", "risk",
		"nostros", "agreements", "balancing",
	} {
		sets = append(sets, Set{Name: name, Every: time.Minute, Again: 2 * time.Second, Answer: 30 * time.Second, Stale: 5 * time.Minute})
	}
	return sets
}

// due tells whether a set is to be asked for at now. A set that was loaded in the future is due: the clock of the replica that
// loaded it was ahead, and nobody else may wait for that time.
func (s Set) due(held map[string]mirror.Meta, now time.Time) bool {
	meta, has := held[s.Name]
	age := now.Sub(meta.LoadedAt)
	return !has || age >= s.Every || age < -s.Every
}

// stale names the sets that were never loaded, and those whose AsOf is older than Set.Stale, with their age. It returns
// "" if there are none.
func stale(sets []Set, held map[string]mirror.Meta, now time.Time) string {
	late := make(map[string]string)
	for _, s := range sets {
		meta, has := held[s.Name]
		switch age := now.Sub(meta.AsOf); {
		case !has && s.Optional:
		case !has:
			late[s.Name] = s.Name + " never loaded"
		case age > s.Stale:
			late[s.Name] = fmt.Sprintf("%s %s old", s.Name, age.Truncate(time.Second))
		}
	}
	texts := make([]string, 0, len(late))
	for _, name := range slices.Sorted(maps.Keys(late)) {
		texts = append(texts, late[name])
	}
	return strings.Join(texts, ", ")
}
