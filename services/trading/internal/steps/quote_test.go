package steps_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/messages"
)

// onQuote returns an authorised request to deal an amount on the quote of testdata, which is for a million.
func onQuote(t *testing.T, number int, amount string) event.Event {
	t.Helper()
	e := authorized(t, func(r *messages.Request) {
		r.TradeID = event.NewID(testkit.Day, "trade on a quote", fmt.Sprint(number))
		for i := range r.Legs {
			r.Legs[i].Amount = amount
		}
	})
	e.ID = event.NewID(testkit.Day, "asked on a quote", fmt.Sprint(number))
	return e
}

func one(t *testing.T, pool *pgxpool.Pool, e event.Event) event.Event {
	t.Helper()
	r := replica(t, pool, requests(dealing(t))).Handle(t.Context(), []event.Event{e})[0]
	if r.Err != nil || len(r.Emit) != 1 {
		t.Fatalf("%+v", r)
	}
	return r.Emit[0]
}

func TestAQuoteIsUsedUp(t *testing.T) {
	pool := schema(t)
	first := onQuote(t, 1, "600000")
	if got := one(t, pool, first); got.Type != contract.TradeValidated {
		t.Fatalf("%s: %s", got.Type, got.Data)
	}
	if again := one(t, pool, first); again.Type != contract.TradeValidated { // delivered twice: counted once
		t.Errorf("again: %s", again.Type)
	}
	if got := one(t, pool, onQuote(t, 2, "400000.01")); got.Type != contract.TradeRejected || codeOf(t, got) != reason.QuoteMismatch {
		t.Errorf("more than is left: %s", got.Data)
	}
	if got := one(t, pool, onQuote(t, 3, "400000")); got.Type != contract.TradeValidated {
		t.Errorf("what is left: %s", got.Data)
	}
	if got := one(t, pool, onQuote(t, 4, "0.01")); got.Type != contract.TradeRejected {
		t.Errorf("it is used up: %s", got.Data)
	}
}

// What is rejected after it was validated leaves the quote to others. A rejected repeat of a deal that stands does not.
func TestARejectedDealGivesItsQuoteBack(t *testing.T) {
	pool := schema(t)
	validated := one(t, pool, onQuote(t, 1, "1000000"))
	duplicate := rejected(t, validated.Correlation, "duplicate")
	replica(t, pool, facts()).Handle(t.Context(), []event.Event{duplicate})
	if got := one(t, pool, onQuote(t, 2, "1")); got.Type != contract.TradeRejected {
		t.Errorf("a rejected repeat gave the quote back: %s", got.Data)
	}
	data, err := contract.WithSection(validated.Data, "rejected", messages.Rejection{Code: reason.LineExceeded, Text: "too much", By: "linecheck"})
	if err != nil {
		t.Fatal(err)
	}
	over, err := validated.Next(contract.TradeRejected, data)
	if err != nil {
		t.Fatal(err)
	}
	over.Time = now
	for range 2 {
		if r := replica(t, pool, facts()).Handle(t.Context(), []event.Event{over})[0]; r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	if got := one(t, pool, onQuote(t, 3, "1000000")); got.Type != contract.TradeValidated {
		t.Errorf("it was not given back: %s", got.Data)
	}
}

// Many replicas deal on one quote at once: together they deal what it is for, and no more.
func TestReplicasShareAQuote(t *testing.T) {
	const replicas, deals = 4, 6
	pool := schema(t)
	validated := make([]int, replicas)
	var all sync.WaitGroup
	for i := range replicas {
		h := replica(t, pool, requests(dealing(t)))
		events := make([]event.Event, deals)
		for k := range events {
			events[k] = onQuote(t, i*deals+k, "100000")
		}
		all.Go(func() {
			for _, r := range h.Handle(t.Context(), events) {
				if r.Err == nil && r.Emit[0].Type == contract.TradeValidated {
					validated[i]++
				}
			}
		})
	}
	all.Wait()
	sum := 0
	for _, n := range validated {
		sum += n
	}
	if sum != 10 {
		t.Errorf("%v deals of 100000 on a quote for 1000000", validated)
	}
}
