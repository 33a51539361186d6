package demo

import (
	"testing"
	"time"
)

func TestBankWorksWheneverSomePairCanSettle(t *testing.T) {
	b := bank(t)
	for text, want := range map[string]bool{
		"2026-11-26": true,  // Thanksgiving: the dollar rests, EUR/GBP settles
		"2026-11-27": true,  // a Friday
		"2026-11-28": false, // a Saturday
		"2026-11-29": false, // a Sunday, on which only the shekel settles
		"2026-12-25": false, // a Friday on which the euro, the dollar and the pound rest
		"2027-01-01": false,
		"2026-05-01": true, // the euro rests, USD/CAD settles
	} {
		date, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.BusinessDay(date); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestEveryCurrencyHasItsOwnAccountsOfTheBank(t *testing.T) {
	b := bank(t)
	nostros := unique(t, "nostro of", b.Nostros, func(n Nostro) string { return n.Currency })
	accounts := unique(t, "account", b.Accounts, func(a Account) string { return a.ID })
	for _, c := range b.Currencies {
		if !nostros[c.Code] {
			t.Errorf("%s has no nostro", c.Code)
		}
	}
	for _, n := range b.Nostros {
		if accounts[n.Account] || accounts[n.Settlement] || n.Account == n.Settlement || len(n.Settlement) > 20 {
			t.Errorf("%+v", n)
		}
	}
}

func TestSomeClientsNetTheirPayments(t *testing.T) {
	b := bank(t)
	clients := unique(t, "client", b.Clients, func(c Client) string { return c.ID })
	for _, a := range b.Agreements {
		if !clients[a.Client] || a.Kind != SettlementNetting {
			t.Errorf("%+v", a)
		}
	}
	if n := len(b.Agreements); n == 0 || n == len(b.Clients) {
		t.Errorf("%d of %d clients", n, len(b.Clients))
	}
}
