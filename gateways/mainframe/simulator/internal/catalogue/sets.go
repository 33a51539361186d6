package catalogue

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/simulator/demo"
)

// lists names the sets that stay as they are while the host runs.
func (c *Catalogue) lists() map[string]func(w *writer) {
	return map[string]func(w *writer){
		"clients": c.listClients, "groups": c.listGroups, "lines": c.listLines,
		"providers": c.listProviders, "users": c.listUsers, "desks": c.listDesks, "calendars": c.listCalendars,
		"currencies": c.listCurrencies, "pairs": c.listPairs, "risk": c.listRisk,
		"nostros": c.listNostros, "agreements": c.listAgreements, "balancing": c.listBalancing,
	}
}

func (c *Catalogue) listClients(w *writer) {
	for _, x := range c.bank.Clients {
		put(w, c.layouts.Client, records.Client{ID: x.ID, Name: x.Name, Group: x.Group, Status: x.Status, Desk: x.Desk, Country: x.Country, Netting: x.Netting})
	}
}

func (c *Catalogue) listGroups(w *writer) {
	for _, x := range c.bank.Groups {
		put(w, c.layouts.Group, records.Group{ID: x.ID, Name: x.Name})
	}
}

func (c *Catalogue) listLines(w *writer) {
	for _, x := range c.bank.Lines {
		put(w, c.layouts.Line, records.Line{
			Node: x.Node, Currency: x.Currency, Limit: x.Limit, SettlementLimit: x.SettlementLimit, Clip: x.Clip,
			MaxTenor: x.MaxTenor,
		})
	}
}

func (c *Catalogue) listProviders(w *writer) {
	for _, x := range c.bank.Providers {
		put(w, c.layouts.Provider, records.Provider{ID: x.ID, Status: x.Status, MaxAmountUSD: x.MaxAmountUSD})
		for _, right := range []struct {
			kind   string
			values []string
		}{{"client", x.Clients}, {"product", x.Products}, {"pair", x.Pairs}} {
			for _, value := range right.values {
				put(w, c.layouts.Right, records.Right{Provider: x.ID, Kind: right.kind, Value: value})
			}
		}
	}
}

func (c *Catalogue) listUsers(w *writer) {
	for _, x := range c.bank.Users {
		put(w, c.layouts.User, records.User{ID: x.ID, Name: x.Name, Role: x.Role, Desk: x.Desk})
	}
}

func (c *Catalogue) listDesks(w *writer) {
	for _, x := range c.bank.Desks {
		put(w, c.layouts.Desk, records.Desk{ID: x.ID, Name: x.Name})
		for _, product := range x.Products {
			put(w, c.layouts.Member, records.Member{Desk: x.ID, Kind: "product", Value: product})
		}
		for _, trader := range x.Traders {
			put(w, c.layouts.Member, records.Member{Desk: x.ID, Kind: "trader", Value: trader})
		}
	}
}

func (c *Catalogue) listCalendars(w *writer) {
	for _, x := range c.bank.Weekends {
		rests := func(day time.Weekday) bool { return slices.Contains(x.Days, day) }
		put(w, c.layouts.Weekend, records.Weekend{
			Currency: x.Currency, From: x.From, Monday: rests(time.Monday), Tuesday: rests(time.Tuesday),
			Wednesday: rests(time.Wednesday), Thursday: rests(time.Thursday), Friday: rests(time.Friday),
			Saturday: rests(time.Saturday), Sunday: rests(time.Sunday),
		})
	}
	for _, x := range c.bank.Holidays {
		put(w, c.layouts.Holiday, records.Holiday{Currency: x.Currency, Date: x.Date, Name: x.Name})
	}
}

func (c *Catalogue) listCurrencies(w *writer) {
	for _, x := range c.bank.Currencies {
		put(w, c.layouts.Currency, records.Currency{Code: x.Code, MinorUnits: x.MinorUnits, DepositRate: x.DepositRate})
		for _, o := range x.CutOffs {
			put(w, c.layouts.CutOff, records.CutOff{Currency: x.Code, From: o.From, DaysBefore: o.DaysBefore, At: o.At, Zone: o.Zone})
		}
	}
}

func (c *Catalogue) listPairs(w *writer) {
	for _, x := range c.bank.Pairs {
		put(w, c.layouts.Pair, records.Pair{
			Name: x.Name, SpotLag: x.SpotLag, RateDecimals: x.RateDecimals, PointsFactor: x.PointsFactor,
			HalfSpread: x.HalfSpread, Band: x.Band, MaxRateAge: int(x.MaxRateAge / time.Second), Volatility: x.Volatility,
			BrokenDates: x.BrokenDates, PointsSpread: decimal.NewNullDecimal(x.PointsSpread), ClientBand: decimal.NewNullDecimal(decimal.NewFromInt(int64(x.ClientBand))),
		})
		for _, o := range x.Rolls {
			put(w, c.layouts.Roll, records.Roll{Pair: x.Name, From: o.From, At: o.At, Zone: o.Zone})
		}
	}
}

func (c *Catalogue) listRisk(w *writer) {
	for _, x := range c.bank.AddOns {
		put(w, c.layouts.AddOn, records.AddOn{Tenor: x.Tenor, Factor: x.Factor})
	}
	for _, x := range c.bank.Haircuts {
		put(w, c.layouts.Haircut, records.Haircut{Class: x.Class, Share: x.Share})
	}
}

func (c *Catalogue) listRates(w *writer, tick time.Time) {
	for _, x := range c.bank.Currencies {
		mid, err := c.market.Mid(x.Code, tick)
		if err != nil {
			w.err = err
			return
		}
		put(w, c.layouts.Rate, records.Rate{Currency: x.Code, Mid: mid, AsOf: tick})
	}
}

func (c *Catalogue) listPoints(w *writer, since time.Time) {
	for _, x := range c.bank.Pairs {
		for _, tenor := range demo.CurveTenors() {
			points, err := c.market.Points(x.Name, since, tenor)
			if err != nil {
				w.err = err
				return
			}
			put(w, c.layouts.Points, records.Points{Pair: x.Name, Tenor: tenor, Points: points, AsOf: since})
		}
	}
}

func (c *Catalogue) listQuotes(w *writer, since time.Time) {
	quotes, err := c.market.Quotes(since)
	if err != nil {
		w.err = err
		return
	}
	for _, x := range quotes {
		put(w, c.layouts.Quote, records.Quote{
			ID: x.ID, Pair: x.Pair, Product: x.Product, Side: x.Side, Currency: x.Pair[:3], Amount: x.Amount, Rate: x.Rate,
			Points: x.Points, Tenor: x.Tenor, ValidUntil: x.ValidUntil, Provider: x.Provider, Published: x.Published,
		})
	}
}

func (c *Catalogue) listHoldings(w *writer, valued time.Time) {
	for _, x := range c.bank.Holdings {
		put(w, c.layouts.Holding, holding(x, valued))
	}
}

func holding(x demo.Holding, valued time.Time) records.Holding {
	return records.Holding{
		Client: x.Client, Kind: x.Kind, ID: x.ID, Currency: x.Currency, Quantity: x.Quantity, Price: x.Price,
		Issuer: x.Issuer, Rating: x.Rating, ResidualYears: x.ResidualYears, PricedAt: valued, Index: x.Index,
	}
}
