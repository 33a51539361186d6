package static

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
)

// newSet returns the empty set of the name; false if there is none.
func newSet(l *records.Layouts, name string) (*set, bool) {
	declare, known := map[string]func(s *set, l *records.Layouts){
		"clients": clients, "groups": groups, "lines": lines, "holdings": holdings, "accounts": accounts,
		"providers": providers, "users": users, "desks": desks, "calendars": calendars, "currencies": currencies,
		"pairs": pairs, "rates": rates, "points": points, "quotes": quotes, "risk": risk,
		"nostros": nostros, "agreements": agreements, "balancing": balancings, "clock": bankClock,
	}[name]
	if !known {
		return nil, false
	}
	s := &set{
		readers: make(map[string]func(records.Record) error), records: make(map[string]any),
		rows: make(map[string]records.Record), broken: make(map[string]bool),
	}
	declare(s, l)
	return s, true
}

func clients(s *set, l *records.Layouts) {
	one(s, l.Client, func(r records.Client) (string, any) {
		return r.ID, client{ID: r.ID, Name: r.Name, Group: r.Group, Status: r.Status, Desk: r.Desk, Country: r.Country, Netting: r.Netting}
	})
}

func groups(s *set, l *records.Layouts) {
	one(s, l.Group, func(r records.Group) (string, any) { return r.ID, group{ID: r.ID, Name: r.Name} })
}

func lines(s *set, l *records.Layouts) {
	one(s, l.Line, func(r records.Line) (string, any) {
		return r.Node, line{
			Node: r.Node, Currency: r.Currency, Limit: r.Limit, SettlementLimit: text(r.SettlementLimit), Clip: text(r.Clip),
			MaxTenor: r.MaxTenor, FormerMaxTenor: formerDays(r.MaxTenor),
		}
	})
}

// accounts lists what the clients have. A client one of whose rows cannot be read is marked by a record of its own: without the
// account of the row, another one would be used.
func accounts(s *set, l *records.Layouts) {
	one(s, l.Account, func(r records.Account) (string, any) {
		return r.ID, account{Account: r.ID, Client: r.Client, Currency: r.Currency, Balance: r.Balance}
	})
	read := s.readers[l.Account.Letters()]
	s.readers[l.Account.Letters()] = func(r records.Record) error {
		err := read(r)
		row, _ := l.Account.Decode(r)
		if same := s.rows[row.ID]; err != nil && row.Client != "" && !same.Equal(r) {
			s.records["?"+row.Client] = account{Account: "?" + row.Client, Client: row.Client, Bad: true}
		}
		return err
	}
}

func users(s *set, l *records.Layouts) {
	one(s, l.User, func(r records.User) (string, any) {
		return r.ID, user{ID: r.ID, Name: r.Name, Role: r.Role, Desk: r.Desk}
	})
}

func rates(s *set, l *records.Layouts) {
	one(s, l.Rate, func(r records.Rate) (string, any) {
		return r.Currency, rate{Currency: r.Currency, Mid: r.Mid, AsOf: r.AsOf}
	})
}

// points puts the rows of a pair together to its curve.
func points(s *set, l *records.Layouts) {
	on(s, l.Points, func(r records.Points) error {
		c, err := of(s, r.Pair, func() *curve { return &curve{Pair: r.Pair, AsOf: r.AsOf, Points: make(map[string]decimal.Decimal)} })
		if err != nil {
			return err
		}
		if _, twice := c.Points[r.Tenor]; twice {
			return fmt.Errorf("points for %s twice", r.Tenor)
		}
		c.Points[r.Tenor] = r.Points
		return nil
	})
}

func risk(s *set, l *records.Layouts) {
	one(s, l.AddOn, func(r records.AddOn) (string, any) {
		return "add_on/" + r.Tenor, addOn{Factor: r.Factor, Former: formerDays(r.Tenor)}
	})
	one(s, l.Haircut, func(r records.Haircut) (string, any) { return "haircut/" + r.Class, haircut{Haircut: r.Share} })
}

// holdings puts the holdings of a client together. A client without one of them has less collateral. But a debt that is left
// out would make it more, and so would a holding of which nobody can say that it is none.
func holdings(s *set, l *records.Layouts) {
	client := func(r records.Holding) string {
		if r.Quantity.IsPositive() {
			return ""
		}
		return r.Client
	}
	part(s, l.Holding, client, func(r records.Holding) error {
		p, err := of(s, r.Client, func() *portfolio { return &portfolio{Client: r.Client} })
		if err != nil {
			return err
		}
		p.Holdings = append(p.Holdings, holding{
			Kind: r.Kind, ID: r.ID, Currency: r.Currency, Quantity: r.Quantity, Price: r.Price, Issuer: r.Issuer,
			Rating: r.Rating, ResidualYears: r.ResidualYears, PricedAt: r.PricedAt, Index: r.Index,
		})
		return nil
	})
}

func providers(s *set, l *records.Layouts) {
	one(s, l.Provider, func(r records.Provider) (string, any) {
		return r.ID, &provider{Provider: r.ID, Status: r.Status, MaxAmountUSD: r.MaxAmountUSD}
	})
	on(s, l.Right, func(r records.Right) error {
		p, err := of[provider](s, r.Provider, nil)
		if err != nil {
			return err
		}
		return appendTo(map[string]*[]string{"client": &p.Clients, "product": &p.Products, "pair": &p.Pairs}, r.Kind, r.Value)
	})
}

func desks(s *set, l *records.Layouts) {
	one(s, l.Desk, func(r records.Desk) (string, any) { return r.ID, &desk{ID: r.ID, Name: r.Name} })
	on(s, l.Member, func(r records.Member) error {
		d, err := of[desk](s, r.Desk, nil)
		if err != nil {
			return err
		}
		return appendTo(map[string]*[]string{"product": &d.Products, "trader": &d.Traders}, r.Kind, r.Value)
	})
}

// appendTo adds a value to the list of its kind.
func appendTo(lists map[string]*[]string, kind, value string) error {
	list, known := lists[kind]
	if !known {
		return fmt.Errorf("unknown kind %q of %q", kind, value)
	}
	*list = append(*list, value)
	return nil
}
