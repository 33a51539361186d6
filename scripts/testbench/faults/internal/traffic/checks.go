package traffic

import (
	"time"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

// life is how long a reservation lasts, at most, after its approval was received.
const life = time.Minute

// mostLapsed bounds the reservations of earlier runs that a provider tries to use.
const mostLapsed = 5

// lapsed returns reservations that a provider left to expire in an earlier run on the same core, by its records.
func lapsed(records, provider string, now time.Time) ([]desk.Request, error) {
	var e oracle.Evidence
	if err := record.Folder(records, &e); err != nil {
		return nil, err
	}
	answers, named := approved(e, provider), map[string]bool{}
	for _, s := range e.Sent {
		named[s.Target], named[s.Uses] = true, true
	}
	var all []desk.Request
	for _, s := range e.Sent {
		a, yes := answers[s.Reference]
		if s.Session != provider || s.Action != "reserve" || !yes || named[s.Reference] || named[a.ID] || now.Sub(a.At) < life {
			continue
		}
		if all = append(all, again(s, a.ID)); len(all) == mostLapsed {
			break
		}
	}
	return all, nil
}

// approved returns the approvals of a provider's requests, by reference.
func approved(e oracle.Evidence, provider string) map[string]oracle.Answer {
	all := map[string]oracle.Answer{}
	for _, a := range e.Received {
		if a.Session == provider && a.State == oracle.Accepted {
			all[a.Reference] = a
		}
	}
	return all
}

// again returns the request of a reservation as the desk knew it. Its settlement is spot, because the record does not tell it: a
// core that looks at it before it looks at the reservation's end is wrong.
func again(s oracle.Sent, id string) desk.Request {
	return desk.Request{
		Kind: desk.Reserve, Reference: s.Reference, ID: id, Time: s.At, Client: s.Client, Pair: s.Pair, Currency: s.Currency,
		Buy: s.Side == "buy", Amount: s.Amount.String(), Near: desk.Leg{Settlement: "0"},
	}
}
