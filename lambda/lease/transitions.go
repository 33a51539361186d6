package lease

import "time"

// What happens to a name. Who calls these holds the book alone.

// want replaces the set of wanted names and returns those that are to be given because they are no longer in it.
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

// give stops wanting the name. It tells whether a tenant is to end for it.
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

// taken is told which names a statement has taken and returns those that are held from now on. An answer that comes when
// it can no longer be believed, or for a name that is no longer wanted, is a row to release.
func (b *book) taken(sent, now time.Duration, grants []Grant) (gained []Grant) {
	for _, g := range grants {
		e := b.entry(g.Name)
		if e.phase != idle {
			continue
		}
		e.epoch, e.until, e.phase = g.Epoch, sent+b.belief, leaving
		if e.wanted && now < e.until {
			e.phase = held
			gained = append(gained, g)
		}
	}
	return gained
}

// renewed is told which grants a statement has renewed. What has lapsed before its renewal was answered stays lapsed.
func (b *book) renewed(sent, now time.Duration, grants []Grant) {
	for _, g := range grants {
		if e := b.ours(g); e != nil && now < e.until {
			e.until = max(e.until, sent+b.belief)
		}
	}
}

// wished is told which grants are wished for another process. It returns the names whose tenants are to end. They are
// wanted still: whether the other one takes them is not this one's to know.
func (b *book) wished(grants []Grant) (give []string) {
	for _, g := range grants {
		if e := b.ours(g); e != nil && e.phase == held {
			e.phase = giving
			give = append(give, g.Name)
		}
	}
	return give
}

// refused is told which grants are another's, or expired, by their rows. It returns the names whose tenants are to end.
func (b *book) refused(grants []Grant) (lost []string) {
	for _, g := range grants {
		if e := b.ours(g); e != nil && b.lose(e) {
			lost = append(lost, g.Name)
		}
	}
	return lost
}

// lapsed ends belief where its time is over and returns the names whose tenants are to end.
func (b *book) lapsed(now time.Duration) (lost []string) {
	for _, name := range b.sorted() {
		if e := b.entries[name]; e.renewable() && now >= e.until && b.lose(e) {
			lost = append(lost, name)
		}
	}
	return lost
}

// lose tells whether a tenant is to end; one that is being given ends already.
func (b *book) lose(e *entry) bool {
	was := e.phase
	e.phase = losing
	return was == held
}

// ended is told that the tenant has ended. It tells whether the name's row is to be released.
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

// released is told that a statement has released the rows, or could not: then they expire by themselves.
func (b *book) released(grants []Grant) {
	for _, g := range grants {
		b.entries[g.Name].phase = idle
		b.forget(g.Name)
	}
}
