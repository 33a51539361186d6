package line

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Member is a client as a member of a group. A group's line carries a deal of the client if the client was a member when the
// deal was done. What a client did before it joined, or after it left, is not part of its exposure as a member.
type Member struct{ Group, Client string }

// LoadMember puts the stored exposure of a member into the book. A member that is not stored has the exposure zero.
func (b *Book) LoadMember(m Member, used decimal.Decimal) { b.members[m] = used }

// member returns what a group's line carries for a member, including all steps so far. The members of a group add up to the
// group's usage. Error: ErrNotLoaded.
func (b *Book) member(m Member) (decimal.Decimal, error) {
	used, ok := b.members[m]
	if !ok {
		return used, fmt.Errorf("exposure of %s in group %s: %w", m.Client, m.Group, ErrNotLoaded)
	}
	return used.Add(b.changes.members[m]), nil
}

// covered returns the part of a group's usage that the collateral of its members covers, if the exposure of one member is
// more by an amount. It is never above the group's usage, because it is never above what the group carries for each member. It
// is zero for the line of a client or desk.
func (b *Book) covered(l Line, one string, more decimal.Decimal) (decimal.Decimal, error) {
	sum := decimal.Zero
	for _, p := range l.Pledged {
		used, err := b.member(Member{l.Node.ID, p.Client})
		if err != nil {
			return sum, err
		}
		if p.Client == one {
			used = used.Add(more)
		}
		sum = sum.Add(decimal.Min(used, p.Value))
	}
	return sum, nil
}

// MemberChange is an amount to add to a member's exposure. It may be negative.
type MemberChange struct {
	Member Member
	Amount decimal.Decimal
}
