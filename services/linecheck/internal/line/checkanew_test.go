package line

import (
	"testing"
)

// A deal that uses what was consumed for it is checked as if that did not count, with an agreement and without. The book stays as it is.
func TestWhatADealUsesOfACheckDoesNotCountBesideIt(t *testing.T) {
	t.Parallel()
	for _, id := range []int{0, 1} { // the client with the agreement, and one without
		b := emptyBook()
		check := reservation(id, 100)
		must(t, b.Reserve(check))
		_, err := b.Resolve(check.ID, Consume)
		must(t, err)
		before, err := b.Usage(Node{Client, check.Path.Client})
		must(t, err)
		deal := reservation(id+4, 60)
		deal.Terms.Side = check.Terms.Side
		for amount, refused := range map[string]bool{"100": false, "99": true} {
			v, err := b.CheckAnew(claimOf(deal, linesOf(deal.Path, dec(amount).IntPart())), check.ID, dec("60"))
			must(t, err)
			if (v.Refusal != nil) != refused || !v.Standings[0].Before.Equal(dec("40")) || !v.Standings[0].After.Equal(dec("100")) {
				t.Errorf("client %s on a line of %s: %+v", check.Path.Client, amount, v)
			}
		}
		if after, err := b.Usage(Node{Client, check.Path.Client}); err != nil || !after.Used().Equal(before.Used()) || !after.Consumed.Equal(before.Consumed) {
			t.Errorf("client %s carries %v, before %v, %v", check.Path.Client, after, before, err)
		}
		for bucket, change := range b.changes.settled {
			if want := check.Settlements[0].Amount; !change.Equal(want) {
				t.Errorf("%v: %s to settle, want %s", bucket, change, want)
			}
		}
	}
}
