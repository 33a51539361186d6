package lease

import "time"

// What happens to a name. Calls must not overlap.

// want replaces the set of wanted names. It returns the held names that are no longer in it: their tenants must end.
func (b *book) want(names []string) (give []string) {
	for _, e := range b.entries {
		e.wanted = false
	}
	for _, name := range names {
		b.entry(name).wanted = true
	}
	for _, name := range b.sorted() {
		if !b.entries[name].wanted && b.give(name) {
			give = append(give, name)
		}
		b.forget(name)
	}
	return give
}

// give stops wanting the name. True means that the name is held: its tenant must end.
func (b *book) give(name string) bool {
	e := b.entry(name)
	e.wanted = false
	defer b.forget(name)
	if e.phase != held {
		return false
	}
	e.phase = giving
	return true
}

// rest notes that the name is not to be taken before a time. It stays wanted. True means that the name is held: its tenant must
// end.
func (b *book) rest(name string, until time.Duration) bool {
	e := b.entries[name]
	if e == nil || e.phase != held {
		return false
	}
	e.phase, e.rests = giving, until
	return true
}

// taken notes which names a statement has taken, and returns those that are held from now on, until belief in the statement ends. A
// name whose answer came too late to be believed, or that is no longer wanted, is to be released instead.
func (b *book) taken(until, now time.Duration, grants []Grant) (gained []Grant) {
	for _, g := range grants {
		e := b.entry(g.Name)
		if e.phase != idle {
			continue
		}
		e.epoch, e.until, e.phase = g.Epoch, until, leaving
		if e.wanted && now < e.until {
			e.phase = held
			gained = append(gained, g)
		}
	}
	return gained
}

// renewed notes which grants a statement has renewed, and when belief in it ends. A grant that lapsed before the answer came stays
// lapsed.
func (b *book) renewed(until, now time.Duration, grants []Grant) {
	for _, g := range grants {
		if e := b.ours(g); e != nil && now < e.until {
			e.until = max(e.until, until)
		}
	}
}

// wished notes which grants are wished for another replica. It returns the names whose tenants must end. The names stay
// wanted, because the other replica may never take them.
func (b *book) wished(grants []Grant) (give []string) {
	for _, g := range grants {
		if e := b.ours(g); e != nil && e.phase == held {
			e.phase = giving
			give = append(give, g.Name)
		}
	}
	return give
}

// refused notes which grants have expired or belong to another holder by now, as their rows say. It returns the names whose
// tenants must end.
func (b *book) refused(grants []Grant) (lost []string) {
	for _, g := range grants {
		if e := b.ours(g); e != nil && b.lose(e) {
			lost = append(lost, g.Name)
		}
	}
	return lost
}

// lapsed ends belief in the grants whose time is over. It returns the names whose tenants must end.
func (b *book) lapsed(now time.Duration) (lost []string) {
	for _, name := range b.sorted() {
		if e := b.entries[name]; e.renewable() && now >= e.until && b.lose(e) {
			lost = append(lost, name)
		}
	}
	return lost
}

// lose marks a lease as lost. True means that its tenant must end; the tenant of a name that is being given ends already.
func (b *book) lose(e *entry) bool {
	was := e.phase
	e.phase = losing
	return was == held
}

// ended notes that the tenant has ended. True means that the name's row must be released.
func (b *book) ended(name string) bool {
	e := b.entries[name]
	if e.phase == giving {
		e.phase = leaving
		return true
	}
	e.phase = idle
	b.forget(name)
	return false
}

// released notes that a statement has released the rows, or has failed to: then they expire by themselves.
func (b *book) released(grants []Grant) {
	for _, g := range grants {
		b.entries[g.Name].phase = idle
		b.forget(g.Name)
	}
}
