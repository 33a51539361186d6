package authorize

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/messages"
)

// decide judges the first request of an id.
func decide(r messages.Request, dir authorization.Directory, e event.Event, now time.Time) authorization.Decision {
	if e.Expired(now) {
		return authorization.Refuse(authorization.RuleDeadline, authorization.Expired, fmt.Sprintf(
			"the deadline was %s and it was reached at %s: nothing was done, send a new request",
			e.Deadline.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	}
	if resolves(r) {
		return authorization.Authorize(authorization.Request{Purpose: authorization.Resolve, Provider: r.Provider}, dir, now)
	}
	size, err := authorization.Size(r.Amounts()...)
	if err != nil {
		return authorization.Refuse(authorization.RuleSize, authorization.InvalidAmount, err.Error())
	}
	return authorization.Authorize(authorization.Request{
		Purpose: authorization.Deal, Provider: r.Provider, Client: r.Client, Account: r.Account,
		Product: r.Product, Pair: r.Pair, Currency: r.Currency, Amount: size,
	}, dir, now)
}

// resolves tells whether r only ends a reservation. What is not known to take no line is taken to do so.
func resolves(r messages.Request) bool {
	return r.CheckID != "" && (r.Action == "consume" || r.Action == "cancel")
}

func usedBefore(r messages.Request) authorization.Decision {
	return authorization.Refuse(authorization.RuleFirstUse, authorization.Duplicate, fmt.Sprintf(
		"reference %q was used before on trade date %s for a request with other content: that one stands; send this one under a new reference",
		r.Reference, r.TradeDate))
}
