package steps

import (
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// authorize is the step of trade.requested and linecheck.requested. It decides the first request of an id. It answers
// the same request again as a repeat, and refuses a different request under the same id.
type authorize struct {
	request messages.Request
	claim   store.Claim
	answers messages.Answers
}

func readTrade(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	return read(e, messages.Request.CheckTrade, messages.TradeAnswers())
}

func readLineCheck(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	return read(e, messages.Request.CheckLineCheck, messages.LineCheckAnswers())
}

func read(e event.Event, check func(messages.Request) error, a messages.Answers) (inbox.Task[*Batch], error) {
	r, err := messages.ReadRequest(e)
	if err != nil {
		return nil, err
	}
	if err := check(r); err != nil {
		return nil, err
	}
	claim := store.Claim{ID: contract.OfTradeDate(r.ID(), r.TradeDate), Digest: r.Digest, Event: e.ID, TradeDate: r.TradeDate}
	return authorize{r, claim, a}, claim.Validate()
}

// Want claims the request's id.
func (a authorize) Want(s *Batch) { s.claims = append(s.claims, a.claim) }

// Decide answers the request. It returns a retry error if the claim has been purged since it was made. That can happen
// only to a request whose trade date is older than the retention. A report is not refused for what the bank's data lack: it waits for
// them, and is the first request of its id all the same.
func (a authorize) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	first, known := s.firsts[a.claim.ID]
	switch {
	case !known:
		return nil, amqp.Retry(fmt.Errorf("request %s was claimed and is gone", a.claim.ID))
	case first.Event == e.ID:
		d := decide(a.request, s.directory, e, now)
		if d.Undecided && a.request.Reports() {
			return nil, amqp.Wait(fmt.Errorf("a report of provider %s, reference %q: %s", a.request.Provider, a.request.Reference, d.Text))
		}
		return a.answer(e, d)
	case first.Digest == a.claim.Digest:
		return a.repeat(e)
	default:
		return a.answer(e, usedBefore(a.request))
	}
}

// decide decides the first request of an id. A report has no deadline, because the trade is done.
func decide(r messages.Request, dir authorization.Directory, e event.Event, now time.Time) authorization.Decision {
	if e.Expired(now) && !r.Reports() {
		return authorization.Refuse(authorization.RuleDeadline, reason.Expired, fmt.Sprintf(
			"the deadline was %s, but the bank handled the request at %s: nothing was done; send a new request",
			e.Deadline.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	}
	if r.Resolves() {
		return authorization.Authorize(authorization.Request{
			Purpose: authorization.Resolve, Provider: r.Provider, Caller: caller(r), Client: r.Client,
		}, dir, now)
	}
	size, err := authorization.Size(r.Amounts()...)
	if err != nil {
		return authorization.Refuse(authorization.RuleSize, reason.InvalidAmount, err.Error())
	}
	purpose := authorization.Deal
	if r.Reports() {
		purpose = authorization.Report
	}
	return authorization.Authorize(authorization.Request{
		Purpose: purpose, Provider: r.Provider, Caller: caller(r), Client: r.Client, Account: r.Account,
		Product: r.Product, DateDecides: r.ByDate, Pair: r.Pair, Currency: r.Currency, Amount: size,
	}, dir, now)
}

// caller returns who asks by the API and for what; nil if a provider asks.
func caller(r messages.Request) *authorization.Caller {
	if r.Caller == nil {
		return nil
	}
	return &authorization.Caller{User: r.Caller.User, Client: r.Caller.Client, Action: r.Right()}
}

func usedBefore(r messages.Request) authorization.Decision {
	return authorization.Refuse(authorization.RuleFirstUse, reason.Duplicate, fmt.Sprintf(
		"reference %q was used before on trade date %s for a request with other content: the first request stands; send this one under a new reference",
		r.Reference, r.TradeDate))
}
