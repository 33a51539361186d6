package assignment_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fxcore/services/responsibility/internal/assignment"
)

func desks(list ...assignment.Desk) map[string]assignment.Desk {
	m := map[string]assignment.Desk{}
	for _, d := range list {
		m[d.ID] = d
	}
	return m
}

func TestEachRuleChoosesItsDesk(t *testing.T) {
	spot := assignment.Desk{ID: "FXS1", Products: []string{"spot"}, Traders: []string{"U1"}}
	swaps := assignment.Desk{ID: "FXS2", Products: []string{"swap"}, Traders: []string{"U2"}}
	more := assignment.Desk{ID: "FXS3", Products: []string{"swap"}, Traders: []string{"U3"}}
	empty := assignment.Desk{ID: "FXS0", Products: []string{"spot", "swap"}}
	cases := []struct {
		name, product, clientDesk, desk, rule string
	}{
		{"the client's desk deals in it", "swap", "FXS3", "FXS3", "client-desk"},
		{"the client's desk does not", "swap", "FXS1", "FXS2", "product-desk"},
		{"the client's desk has no trader", "swap", "FXS0", "FXS2", "product-desk"},
		{"the client's desk is not known", "spot", "FXS9", "FXS1", "product-desk"},
		{"the client has no desk", "spot", "", "FXS1", "product-desk"},
		{"nobody deals in it", "option", "FXS3", "FXS1", "any-desk"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := assignment.Of(assignment.Trade{ID: "T1", Product: c.product, ClientDesk: c.clientDesk}, desks(empty, spot, swaps, more))
			if err != nil || got.Desk != c.desk || got.Rule != c.rule {
				t.Errorf("got %+v, %v; want %s by %s", got, err, c.desk, c.rule)
			}
		})
	}
	if _, err := assignment.Of(assignment.Trade{ID: "T1"}, desks(empty)); !errors.Is(err, assignment.ErrNobody) {
		t.Errorf("a desk without traders took a trade: %v", err)
	}
}

// The assigned trader works at the assigned desk, and a second call gives the same assignment.
func TestTheTraderIsOneOfTheDeskAndAlwaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		traders := rapid.SliceOfNDistinct(rapid.StringMatching(`U\d{4}`), 1, 9, rapid.ID).Draw(t, "traders")
		all := desks(assignment.Desk{ID: "FXS1", Products: []string{"spot"}, Traders: traders})
		trade := assignment.Trade{ID: rapid.String().Draw(t, "id"), Product: "spot", ClientDesk: "FXS1"}
		one, err := assignment.Of(trade, all)
		two, _ := assignment.Of(trade, all)
		if err != nil || one != two || !slices.Contains(traders, one.Trader) {
			t.Fatalf("%+v, %+v, %v", one, two, err)
		}
	})
}

func TestTradesSpreadOverTheTraders(t *testing.T) {
	all := desks(assignment.Desk{ID: "FXS1", Products: []string{"spot"}, Traders: []string{"U1", "U2", "U3"}})
	count := map[string]int{}
	for i := range 3_000 {
		a, err := assignment.Of(assignment.Trade{ID: fmt.Sprintf("T%d", i), Product: "spot"}, all)
		if err != nil {
			t.Fatal(err)
		}
		count[a.Trader]++
	}
	for trader, n := range count {
		if n < 800 || n > 1_200 {
			t.Errorf("%s got %d trades of 3000, want about 1000", trader, n)
		}
	}
}
