package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/gateways/socket/message"
	"fxcore/services/contract/fxdate"
)

// ownCore returns the address of the socket gateway of this clone's core.
func ownCore() (string, error) {
	raw, err := os.ReadFile(".run/fxcore.json")
	if err != nil {
		return "", fmt.Errorf("find this clone's core (start it with make run, or give -addr): %w", err)
	}
	var record struct {
		URLs map[string]string `json:"urls"`
	}
	if err := json.Unmarshal(raw, &record); err != nil {
		return "", fmt.Errorf("read .run/fxcore.json: %w", err)
	}
	return record.URLs["socket"], nil
}

// request returns the request to send; nil for watch.
func (o options) request(what string) (message.Request, error) {
	head := message.RequestHead{Reference: o.reference}
	switch what {
	case "spot", "forward":
		terms, err := o.terms(what)
		return &message.TradeRequest{RequestHead: head, Terms: terms}, err
	case "report":
		terms, err := o.terms("spot")
		return &message.TradeReport{RequestHead: head, Terms: terms}, err
	case "reserve":
		check := o.check(head, message.Reserve)
		check.Pair, check.Currency, check.Side, check.Amount, check.Tenor = o.pair, o.dealt(), o.dealtSide(), o.amount, o.tenor
		return check, nil
	case "consume":
		check := o.check(head, message.Consume)
		check.ForTradeReference = o.trade
		return check, nil
	case "cancel":
		return o.check(head, message.Cancel), nil
	case "status":
		return &message.StatusRequest{RequestHead: head, Subject: message.Trade}, nil
	case "check-status":
		return &message.StatusRequest{RequestHead: head, Subject: message.Check}, nil
	case "watch":
		return nil, nil
	}
	return nil, fmt.Errorf("there is no request %q", what)
}

func (o options) check(head message.RequestHead, action message.Action) *message.LineCheck {
	return &message.LineCheck{RequestHead: head, Action: action, TransactedAt: time.Now(), Client: o.client, ReservationID: o.reservation}
}

func (o options) terms(product string) (message.Terms, error) {
	now, rate := time.Now(), o.rate
	if rate == "" {
		var err error
		if rate, err = mid(o.pair, now, o.tenor); err != nil {
			return message.Terms{}, fmt.Errorf("%w: give -rate", err)
		}
	}
	t := message.Terms{
		TransactedAt: now, Client: o.client, Product: message.Spot, Pair: o.pair, Currency: o.dealt(),
		Legs: []message.Leg{{Side: o.dealtSide(), Amount: o.amount, Rate: rate, Tenor: o.tenor}},
	}
	if product == "forward" {
		t.Product = message.Forward
	}
	return t, nil
}

// mid returns the demo market's mid rate of a pair at a time; for a tenor, at about as many days after spot.
func mid(pair string, at time.Time, tenor string) (string, error) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return "", err
	}
	m, err := market.Outright(pair, at, days(tenor))
	if err != nil {
		return "", err
	}
	return m.String(), nil
}

// days is about how long a tenor is; 0 for one that counts nothing.
func days(tenor string) int {
	t, err := fxdate.ParseTenor(tenor)
	if err != nil {
		return 0
	}
	switch t.Unit {
	case fxdate.Days:
		return t.Count
	case fxdate.Weeks:
		return t.Count * 7
	case fxdate.Months:
		return t.Count*30 + t.Count/12*5 // a year has 365
	default:
		return 0
	}
}

func (o options) dealt() string {
	if len(o.pair) < 3 {
		return o.pair
	}
	return o.pair[:3]
}

func (o options) dealtSide() message.Side {
	if o.side == "sell" {
		return message.Sell
	}
	return message.Buy
}
