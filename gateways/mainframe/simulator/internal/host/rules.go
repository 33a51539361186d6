package host

import (
	"fmt"

	"fxcore/gateways/mainframe/simulator/demo"
)

// rules is what the host itself demands of a trade that the core has registered.
type rules struct {
	clients    map[string]bool
	accounts   map[string]string // account to its client
	currencies map[string]bool
}

func newRules(bank demo.Bank) rules {
	r := rules{clients: make(map[string]bool), accounts: make(map[string]string), currencies: make(map[string]bool)}
	for _, c := range bank.Clients {
		r.clients[c.ID] = true
	}
	for _, a := range bank.Accounts {
		r.accounts[a.ID] = a.Client
	}
	for _, c := range bank.Currencies {
		r.currencies[c.Code] = true
	}
	return r
}

// refuse returns why a trade cannot be booked, as the host names it and for a person; "" if it can.
func (r rules) refuse(t trade) (reason, text string) {
	if !r.clients[t.Client] {
		return "NOCLIENT", fmt.Sprintf("client %s has no books here", t.Client)
	}
	if t.Account != "" && r.accounts[t.Account] != t.Client {
		return "NOACCT", fmt.Sprintf("account %s is not one of client %s", t.Account, t.Client)
	}
	for _, leg := range t.legs {
		for _, currency := range []string{leg.Base, leg.Quote} {
			if !r.currencies[currency] {
				return "NOCURR", fmt.Sprintf("currency %s is not kept here", currency)
			}
		}
	}
	return "", ""
}
