package line

import (
	"testing"

	"github.com/shopspring/decimal"
)

// A client deals on its own, joins group G1, deals again, and leaves it. Its collateral of 50 relieves the group of what the
// group carries for it, and of nothing else.
func TestCollateralRelievesAGroupOnlyOfWhatItCarries(t *testing.T) {
	t.Parallel()
	alone, within := Path{Client: "C1"}, Path{Group: "G1", Client: "C1"}
	b := NewBook()
	for _, n := range []Node{{Group, "G1"}, {Client, "C1"}} {
		b.LoadUsage(n, Usage{})
	}
	b.LoadMember(Member{"G1", "C1"}, decimal.Zero)
	for i, c := range []struct {
		path         Path
		exposure     string
		before, will string // of the group, for one more deal of 10 within it
	}{
		{alone, "20", "0", "0"}, // not the group's: it was minus 20
		{within, "45", "0", "5"},
		{within, "30", "25", "35"},
		{alone, "100", "25", "35"},
	} {
		deal := Reservation{ID: string(rune('a' + i)), Path: c.path, Terms: Terms{Amount: one}, Exposure: dec(c.exposure)}
		if err := b.Reserve(deal); err != nil {
			t.Fatal(err)
		}
		lines := []Line{{Node: Node{Group, "G1"}, Pledged: []Pledge{{"C1", dec("50")}}}, {Node: Node{Client, "C1"}, Limit: Limit{Amount: dec("1000")}}}
		v, err := b.Check(Claim{Exposure: Exposure{Amount: dec("10")}, Lines: lines})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "before the deal after "+c.exposure, v.Standings[0].Before, c.before)
		equal(t, "after the deal after "+c.exposure, v.Standings[0].After, c.will)
	}
	if _, err := b.Resolve("b", Cancel); err != nil {
		t.Fatal(err)
	}
	used, err := b.member(Member{"G1", "C1"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "what the group carries after a cancellation", used, "30")
}
