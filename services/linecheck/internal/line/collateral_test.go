package line

import (
	"testing"
	"time"
)

var owner = Owner{Client: "C000001", Group: "G0001"}

func bond(issuer, rating, years string) Holding {
	return Holding{
		Kind: Bond, ID: "B1", Currency: "USD", Quantity: dec("1000"), Price: dec("100"),
		Issuer: issuer, Rating: rating, ResidualYears: dec(years), PricedAt: day("2026-11-19"),
	}
}

func stock(change func(*Holding)) Holding {
	h := Holding{Kind: Stock, ID: "S1", Currency: "USD", Quantity: dec("1000"), Price: dec("100"), PricedAt: day("2026-11-19")}
	change(&h)
	return h
}

func cash(currency, amount string) Holding {
	return Holding{Kind: Cash, Currency: currency, Quantity: dec(amount)}
}

// Each holding is worth 100,000 before its haircut.
func TestCollateralByClass(t *testing.T) {
	t.Parallel()
	now := day("2026-11-19").Add(12 * time.Hour)
	for _, c := range []struct {
		rule    string
		holding Holding
		want    string
	}{
		{"cash in the limit currency", cash("USD", "100000"), "100000"},
		{"cash in another currency: mismatch", cash("EUR", "80000"), "92000"},
		{"cash without a rate", cash("XXX", "100000"), "0"},
		{"overdraft alone is no negative line", cash("USD", "-5"), "0"},
		{"sovereign AAA to 1y", bond("sovereign", "AAA", "1"), "99500"},
		{"sovereign AA- to 5y", bond("sovereign", "AA-", "5"), "98000"},
		{"sovereign AA long", bond("sovereign", "AA", "5.1"), "96000"},
		{"sovereign A+ to 1y", bond("sovereign", "A+", "0.5"), "99000"},
		{"sovereign BBB- to 5y", bond("sovereign", "BBB-", "3"), "97000"},
		{"sovereign A long", bond("sovereign", "A", "20"), "94000"},
		{"sovereign BB", bond("sovereign", "BB", "3"), "85000"},
		{"sovereign B", bond("sovereign", "B", "3"), "0"},
		{"bank AA to 1y", bond("bank", "AA", "1"), "99000"},
		{"corporate AAA to 5y", bond("corporate", "AAA", "2"), "96000"},
		{"corporate AA long", bond("corporate", "AA", "9"), "92000"},
		{"bank BBB to 1y", bond("bank", "BBB", "1"), "98000"},
		{"bank A to 5y", bond("bank", "A", "4"), "94000"},
		{"corporate BBB- long", bond("corporate", "BBB-", "9"), "88000"},
		{"corporate BB is no collateral", bond("corporate", "BB+", "9"), "0"},
		{"unrated is no collateral", bond("corporate", "", "1"), "0"},
		{"stock of a main index", stock(func(h *Holding) { h.MainIndex = true }), "85000"},
		{"other listed stock", stock(func(*Holding) {}), "75000"},
		{"stock in another currency", stock(func(h *Holding) { h.Currency, h.Price = "EUR", dec("80") }), "67000"},
		{"own shares", stock(func(h *Holding) { h.Issuer = "C000001" }), "0"},
		{"shares of the group", stock(func(h *Holding) { h.Issuer = "G0001" }), "0"},
		{"own bond", bond("C000001", "AAA", "1"), "0"},
		{"price over a long weekend", stock(func(h *Holding) { h.PricedAt = now.Add(-staleAfter) }), "75000"},
		{"stale price", stock(func(h *Holding) { h.PricedAt = now.Add(-staleAfter - 1) }), "50000"},
		{"price beyond the holding period", stock(func(h *Holding) { h.PricedAt = now.Add(-worthlessAfter - 1) }), "0"},
		{"never priced", stock(func(h *Holding) { h.PricedAt = time.Time{} }), "0"},
		{"negative quantity", stock(func(h *Holding) { h.Quantity = dec("-1000") }), "0"},
		{"unknown kind", Holding{Kind: "gold", Currency: "USD", Quantity: dec("1"), Price: dec("1")}, "0"},
		{"rounded down", cash("JPY", "1"), "0"}, // 0.00625 dollars
	} {
		equal(t, c.rule, CollateralValue(owner, []Holding{c.holding}, haircuts(), theMarket(), now), c.want)
	}
}

func TestOverdraftTakesFromTheOtherCollateral(t *testing.T) {
	t.Parallel()
	got := CollateralValue(owner, []Holding{cash("USD", "1000"), cash("EUR", "-80")}, haircuts(), theMarket(), day("2026-11-19"))
	equal(t, "1000 less 80 euros", got, "900")
}

func TestAClassWithoutAHaircutIsNoCollateral(t *testing.T) {
	t.Parallel()
	for _, class := range []string{"currency_mismatch", "equity"} {
		h := haircuts()
		delete(h, class)
		foreign := stock(func(h *Holding) { h.Currency = "EUR" })
		equal(t, "without "+class, CollateralValue(owner, []Holding{foreign}, h, theMarket(), day("2026-11-19")), "0")
	}
}
