package line

import "maps"

// Stand returns how each of the lines stands without a new deal: Before and After are the same. A group bears only what the
// collateral of its members does not cover, as in [Book.Check]. Error: ErrNotLoaded.
func (b *Book) Stand(lines []Line) ([]Standing, error) { return b.standings(Claim{Lines: lines}) }

// Clone returns a copy of the book. What is done in one of the two does not change the other.
func (b *Book) Clone() *Book {
	return &Book{
		usage: maps.Clone(b.usage), members: maps.Clone(b.members), sets: maps.Clone(b.sets), effects: maps.Clone(b.effects),
		settled: maps.Clone(b.settled), reservations: maps.Clone(b.reservations), keepers: maps.Clone(b.keepers),
		changes: b.changes.clone(),
	}
}

func (c changes) clone() changes {
	return changes{
		usage: maps.Clone(c.usage), settled: maps.Clone(c.settled), sets: maps.Clone(c.sets), effects: maps.Clone(c.effects),
		members: maps.Clone(c.members), kept: maps.Clone(c.kept),
		added: c.added[:len(c.added):len(c.added)], isAdded: maps.Clone(c.isAdded), resolved: maps.Clone(c.resolved),
	}
}
