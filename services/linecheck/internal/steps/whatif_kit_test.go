package steps

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/linecheck/internal/messages"
)

// everyone may ask about every client and line.
func everyone() access.Caller { return access.Caller{User: "U3", Roles: []string{"operations"}} }

// traderOfFXS1 is a person of the desk that deals for the clients of the tests.
func traderOfFXS1(user string) *access.Caller {
	return &access.Caller{User: user, Roles: []string{"trader"}, Desk: "FXS1"}
}

// asking is a replica that answers questions at noon.
func asking(t *testing.T, pool *pgxpool.Pool, s Static) Questions {
	t.Helper()
	return Questions{Pool: pool, Static: s, Dating: likeTrades(), Clock: func() time.Time { return noon }, Log: testkit.Log(t)}
}

// asked returns the event of a question.
func askedBy(t *testing.T, typ event.Type, who access.Caller, question any) event.Event {
	t.Helper()
	e := message(t, typ, "question", "", noon.Add(time.Second), map[string]any{"question": question, "caller": who})
	e.Origin, e.Time = contract.API, noon
	return e
}

// ask asks and returns the section answer.
func ask[A any](t *testing.T, q Questions, typ event.Type, who access.Caller, question any) A {
	t.Helper()
	emitted := handle(t, q, askedBy(t, typ, who, question))
	if len(emitted) != 1 {
		t.Fatalf("%s led to %v", typ, emitted)
	}
	return read[struct {
		Answer A `json:"answer"`
	}](t, emitted[0]).Answer
}

// whatIfOf asks what trades would use.
func whatIfOf(t *testing.T, q Questions, who access.Caller, trades ...messages.Supposed) messages.WhatIfAnswer {
	t.Helper()
	return ask[messages.WhatIfAnswer](t, q, contract.WhatIfRequested, who, map[string]any{"trades": trades})
}

// linesOf asks what lines carry.
func linesOf(t *testing.T, q Questions, who access.Caller, question map[string]any) messages.LinesAnswer {
	t.Helper()
	if question["limit"] == nil {
		question["limit"] = messages.MostLines
	}
	return ask[messages.LinesAnswer](t, q, contract.LinesRequested, who, question)
}

// supposedSpot is a trade of euros at a rate.
func supposedSpot(client, side, amount, rate string) messages.Supposed {
	return messages.Supposed{Client: client, Pair: "EUR/USD", Currency: "EUR", Legs: []messages.SupposedLeg{
		{Side: side, Amount: amount, Rate: rate, Tenor: "SPOT"},
	}}
}

func nodesIn(t *testing.T, text json.RawMessage) (nodes []messages.Node) {
	t.Helper()
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, &nodes); err != nil {
		t.Fatal(err)
	}
	return nodes
}

// content returns every row of linecheck's tables as text.
func content(t *testing.T, pool *pgxpool.Pool) (rows []string) {
	t.Helper()
	for _, table := range []string{"node_usage", "member_usage", "settlement_usage", "netting_set", "netted_deal", "reservation", "inbox"} {
		found, err := pool.Query(t.Context(), "select x::text || ctid::text || xmin::text || xmax::text from "+table+" x order by 1")
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			var row string
			if err := found.Scan(&row); err != nil {
				t.Fatal(err)
			}
			rows = append(rows, table+" "+row)
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}
