package dialect

import (
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// entry is one incoming message.
type entry struct {
	dialect *Dialect
	session Session
	id      EventID
	now     time.Time
}

// when reads TransactTime(60), which decides the trade date and, for a request, the deadline.
func (e entry) when(msg reader) (at time.Time, tradeDay string) {
	at = msg.need(tagTransactTime).instant(tagTransactTime)
	switch {
	case at.After(e.now.Add(maxAhead)):
		msg.refuse(outOfRange(tagTransactTime, "lies in the future"))
	case at.Year() < 2000:
		msg.refuse(outOfRange(tagTransactTime, "lies too far back"))
	}
	return at, e.dialect.rollover.TradeDate(at).String()
}

// deadlineOf returns the end of a request's validity: its time plus the agreed span, or ExpireTime(126) or ValidUntilTime(62) if
// that is earlier.
func (e entry) deadlineOf(msg reader, from time.Time) time.Time {
	deadline := from.Add(e.dialect.deadline)
	for _, tag := range [...]quickfix.Tag{tagExpireTime, tagValidUntilTime} {
		if at := msg.instant(tag); !at.IsZero() && at.Before(deadline) {
			deadline = at
		}
	}
	return deadline
}

// client returns the client of the request: the party of role 3 (ClientID), else the account.
func (e entry) client(msg reader) (client, account string, party bool) {
	account = msg.text(tagAccount, maxParty)
	if client = clientParty(msg); client != "" {
		return client, account, true
	}
	msg.needHere(tagAccount)
	return account, "", false
}

const roleClient = "3"

// clientParty returns the party of role 3. It refuses a message with two such parties that differ: their order says nothing.
func clientParty(msg reader) string {
	client := ""
	for i := range msg.entries(tagNoPartyIDs) {
		party := msg.within(tagNoPartyIDs, i+1)
		if role, _ := party.value(tagPartyRole); string(role) != roleClient {
			continue
		}
		id := party.needHere(tagPartyID).text(tagPartyID, maxParty)
		if client != "" && id != client {
			msg.refuse(outOfRange(tagPartyID, "two clients are named: "+client+" and "+id))
		}
		client = id
	}
	return client
}

// dealt returns the dealt currency: Currency(15), by default the pair's first. Without either it refuses the symbol, because the
// core would ask for a currency that the provider has not sent.
func (r reader) dealt(currency, pair string) string {
	switch {
	case currency != "" || pair == "":
		return currency
	case len(pair) >= currencySize && isCurrency([]byte(pair[:currencySize])):
		return pair[:currencySize]
	}
	r.refuse(outOfRange(tagSymbol, "a pair is written like EUR/USD, and this is "+pair))
	return ""
}

// trade adds id and digest to a trade request and makes its event.
func (e entry) trade(msg reader, t Trade, deadline time.Time) (Incoming, quickfix.MessageRejectError) {
	msg.text(tagText, maxText)
	if msg.first.err != nil {
		return Incoming{}, msg.first.err
	}
	t.Provider = e.session.Provider
	t.TradeID = contract.TradeID(t.Provider, t.Reference, t.TradeDate)
	t.Digest = t.Sum()
	return e.incoming(contract.TradeRequested, t.TradeID, deadline, TradeRequested{Request: t})
}

func (e entry) incoming(kind event.Type, correlation string, deadline time.Time, data any) (Incoming, quickfix.MessageRejectError) {
	ev, err := event.New(kind, e.id(correlation), e.session.origin(), correlation, data)
	if err != nil { // texts and times within bounds always encode
		return Incoming{}, quickfix.NewBusinessMessageRejectError(err.Error(), 0, nil)
	}
	ev.Time, ev.Deadline = e.now.UTC(), deadline.UTC()
	return Incoming{Event: ev}, nil
}
