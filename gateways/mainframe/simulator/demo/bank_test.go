package demo

import (
	"maps"
	"slices"
	"testing"
)

func bank(t *testing.T) Bank {
	t.Helper()
	b, err := NewBank(Seed)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// unique fails on a repeated name and returns the names as a set.
func unique[T any](t *testing.T, what string, all []T, name func(T) string) map[string]bool {
	t.Helper()
	set := map[string]bool{}
	for _, x := range all {
		if set[name(x)] {
			t.Errorf("%s %q twice", what, name(x))
		}
		set[name(x)] = true
	}
	return set
}

func TestNamesAreUnique(t *testing.T) {
	b := bank(t)
	unique(t, "client", b.Clients, func(c Client) string { return c.Name })
	unique(t, "group", b.Groups, func(g Group) string { return g.Name })
	unique(t, "user", b.Users, func(u User) string { return u.Name })
	unique(t, "holding", b.Holdings, Holding.String)
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	b := bank(t)
	groups := unique(t, "group", b.Groups, func(g Group) string { return g.ID })
	desks := unique(t, "desk", b.Desks, func(d Desk) string { return d.ID })
	users := unique(t, "user", b.Users, func(u User) string { return u.ID })
	clients := unique(t, "client", b.Clients, func(c Client) string { return c.ID })
	nodes := unique(t, "line", b.Lines, func(l Line) string { return l.Node })
	for _, c := range b.Clients {
		if !groups[c.Group] || !desks[c.Desk] || !nodes["client/"+c.ID] || !nodes["group/"+c.Group] {
			t.Errorf("client %s without group, desk or line", c.ID)
		}
	}
	for _, u := range b.Users {
		if (u.Desk != "") != nodes["dealer/"+u.ID] {
			t.Errorf("user %s of desk %q: a person of a desk has a line, and nobody else", u.ID, u.Desk)
		}
	}
	for _, d := range b.Desks {
		if !nodes["desk/"+d.ID] || len(d.Traders) == 0 || !users[d.Traders[0]] {
			t.Errorf("desk %s without line or trader", d.ID)
		}
	}
	for _, p := range b.Providers {
		if p.Clients[0] != "*" && !clients[p.Clients[0]] {
			t.Errorf("provider %s acts for an unknown client", p.ID)
		}
	}
	unique(t, "account", b.Accounts, func(a Account) string { return a.ID })
}

func TestEveryCurrencyHasACalendarAndEveryPairItsCurrencies(t *testing.T) {
	b := bank(t)
	codes := unique(t, "currency", b.Currencies, func(c Currency) string { return c.Code })
	closed, rests := map[string]bool{}, map[string]bool{}
	for _, h := range b.Holidays {
		closed[h.Currency] = true
	}
	for _, w := range b.Weekends {
		rests[w.Currency] = len(w.Days) > 0
	}
	for code := range maps.Keys(codes) {
		if !closed[code] || !rests[code] {
			t.Errorf("%s has no holidays or no weekend", code)
		}
	}
	pairs := unique(t, "pair", b.Pairs, func(p Pair) string { return p.Name })
	for _, p := range b.Pairs {
		if !codes[p.Base()] || !codes[p.Quote()] || pairs[p.Quote()+"/"+p.Base()] {
			t.Errorf("pair %s: unknown currency, or dealt in both orders", p.Name)
		}
	}
	if len(pairs) < 40 || len(codes) < 30 {
		t.Errorf("%d pairs, %d currencies", len(pairs), len(codes))
	}
}

func TestThanksgivingIsAHolidayAndAHalfDayIsNot(t *testing.T) {
	b := bank(t)
	has := func(currency, date string) bool {
		return slices.ContainsFunc(b.Holidays, func(h Holiday) bool {
			return h.Currency == currency && h.Date.Format("2006-01-02") == date
		})
	}
	if !has("USD", "2026-11-26") {
		t.Error("2026-11-26 is Thanksgiving Day")
	}
	if has("SEK", "2027-01-05") {
		t.Error("2027-01-05 is a half day in SEK, so a banking day")
	}
}
