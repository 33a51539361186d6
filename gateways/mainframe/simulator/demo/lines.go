package demo

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Line is the bound of one node of the hierarchy, in US dollars.
type Line struct {
	Node            string // "client/C000001", "group/G0001", "desk/FXS1", "dealer/U0001"
	Currency        string
	Limit           decimal.Decimal     // of exposure
	SettlementLimit decimal.NullDecimal // of what is settled on one value date; null means none
	Clip            decimal.NullDecimal // of a single deal; null means none
	MaxTenor        string              // "3M", from spot; empty means none
}

// AddOn is the share of the notional that counts as exposure for a trade of the tenor.
type AddOn struct {
	Tenor  string // "SPOT" … "5Y"
	Factor decimal.Decimal
}

// Haircut is the share by which collateral of a class counts less than its value.
type Haircut struct {
	Class string
	Share decimal.Decimal
}

// SmallDealer is the trader with a small line of its own, on whom anyone sees how the core refuses by it.
const SmallDealer = "U0003"

// beyond is a line that no load of ours meets.
const beyond = 1_000_000_000_000_000

// lines returns a line for each node that a deal may use: nobody can deal on a node without one. A dealer is a person of a desk.
func lines(groups []Group, clients []Client, desks []Desk, users []User) []Line {
	var all []Line
	for _, g := range groups {
		all = append(all, line("group/"+g.ID, beyond))
	}
	for _, d := range desks {
		all = append(all, line("desk/"+d.ID, beyond))
	}
	for _, u := range users {
		if u.Desk != "" {
			all = append(all, dealerLine(u.ID))
		}
	}
	for _, c := range clients {
		all = append(all, clientLine(c.ID))
	}
	return all
}

// dealerLine returns the line of a person who may deal. SmallDealer has one that a few deals fill.
func dealerLine(id string) Line {
	if id == SmallDealer {
		return line("dealer/"+id, 100_000)
	}
	return line("dealer/"+id, beyond)
}

func line(node string, limit int64) Line { return Line{Node: node, Currency: "USD", Limit: usd(limit)} }

func clientLine(id string) Line {
	l := line("client/"+id, beyond)
	switch id {
	case "C000901", "C000906":
		l.Limit = usd(100_000)
	case "C000903":
		l.Clip = decimal.NewNullDecimal(usd(1_000_000))
	case "C000904":
		l.SettlementLimit = decimal.NewNullDecimal(usd(1_000_000))
	case "C000905":
		l.MaxTenor = "3M"
	}
	return l
}

// risk reads the add-ons (1.96 standard deviations at a volatility of 10%) and the haircuts (Basel's standard ones
// for ten days' holding).
func risk() (addOns []AddOn, haircuts []Haircut, err error) {
	_, rows, err := table("tables/risk.csv")
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		factor, err := number("factor", row[2])
		if err != nil {
			return nil, nil, fmt.Errorf("risk %s: %w", row[1], err)
		}
		if row[0] == "haircut" {
			haircuts = append(haircuts, Haircut{Class: row[1], Share: factor})
			continue
		}
		addOns = append(addOns, AddOn{Tenor: row[1], Factor: factor})
	}
	return addOns, haircuts, nil
}

// ValuedAt is the instant at which the bank last valued its clients' holdings: the full hour.
func ValuedAt(at time.Time) time.Time { return at.UTC().Truncate(time.Hour) }
