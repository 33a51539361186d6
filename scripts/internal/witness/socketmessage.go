package witness

import (
	"fxcore/gateways/socket/message"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/testbench/oracle"
)

// SocketRequest returns a desk's request as a message of the socket protocol, and in the oracle's terms without
// provider and time.
func SocketRequest(r desk.Request) (message.Request, oracle.Sent) {
	written, s := socketRequest(r), described(r, false)
	s.Form = string(written.Type())
	return written, s
}

func socketRequest(r desk.Request) message.Request {
	head := message.RequestHead{Reference: r.Reference}
	switch r.Kind {
	case desk.Order:
		return &message.TradeRequest{RequestHead: head, Terms: terms(r)}
	case desk.Report:
		return &message.TradeReport{RequestHead: head, Terms: terms(r)}
	case desk.Reserve:
		return &message.LineCheck{
			RequestHead: head, Action: message.Reserve, TransactedAt: r.Time, Client: r.Client, Pair: r.Pair, Currency: r.Currency,
			Side: socketSide(r.Buy), Amount: r.Amount, Tenor: tenor(r.Near.Settlement), ExpiresAt: r.ExpiresAt,
		}
	case desk.Consume, desk.Cancel, desk.Reverse:
	}
	actions := map[desk.Kind]message.Action{desk.Consume: message.Consume, desk.Cancel: message.Cancel, desk.Reverse: message.Reverse}
	c := &message.LineCheck{
		RequestHead: head, Action: actions[r.Kind], TransactedAt: r.Time, Client: r.Client, ReservationReference: r.Target,
		Amount: r.Amount,
	}
	c.ForTradeID, c.ForTradeReference = named(r.For, r.ForID)
	return c
}

// named returns a name as the id or as the reference that it is.
func named(name string, isID bool) (id, reference string) {
	if isID {
		return name, ""
	}
	return "", name
}

func terms(r desk.Request) message.Terms {
	products := map[string]message.Product{"spot": message.Spot, "forward": message.Forward, "swap": message.Swap}
	near := ""
	if r.Near.Date == "" {
		near = tenor(r.Near.Settlement)
	}
	t := message.Terms{
		TransactedAt: r.Time, Client: r.Client, Product: products[product(r)], Pair: r.Pair, Currency: r.Currency, QuoteID: r.Quote,
		Legs: []message.Leg{{Side: socketSide(r.Buy), Amount: r.Amount, Rate: r.Near.Rate, Tenor: near, ValueDate: r.Near.Date}},
	}
	t.CheckID, t.CheckReference = named(r.Uses, r.UsesID)
	if r.Free {
		t.Rest = message.Free
	}
	if r.Swap() {
		t.Legs = append(t.Legs, message.Leg{Side: socketSide(!r.Buy), Amount: r.Amount, Rate: r.Far.Rate, Tenor: tenor(r.Far.Settlement)})
	}
	return t
}

func socketSide(buy bool) message.Side {
	if buy {
		return message.Buy
	}
	return message.Sell
}

// tenor returns a SettlType (63) as a tenor: W1 becomes 1W.
func tenor(settlement string) string {
	if settlement == "0" {
		return "SPOT"
	}
	return settlement[1:] + settlement[:1]
}

// ReadSocket returns what a message of the core answers; false if it is no answer, or one that the client has
// handled.
func ReadSocket(m message.Answer) (a oracle.Answer, ok bool) {
	a.Form, a.Reference = string(m.Type()), m.Head().Reference
	switch m := m.(type) {
	case *message.Pending:
		a.State, a.ID = oracle.Pending, m.ID
	case *message.Executed:
		a.State, a.ID, a.ExecID = oracle.Accepted, m.TradeID, m.AnswerID
	case *message.TradeRejected:
		a.State, a.ID, a.ExecID, a.Reason, a.Text = oracle.Rejected, m.TradeID, m.AnswerID, m.Code, m.Text
	case *message.ReportAnswered:
		a.State, a.ID, a.ExecID, a.Reason, a.Text = either(m.Outcome != message.Refused), m.TradeID, m.AnswerID, m.Code, m.Text
	case *message.LineChecked:
		a.State, a.ID, a.ExecID, a.Reason, a.Text = either(m.Outcome != message.Refused), m.ReservationID, m.AnswerID, m.Code, m.Text
	case *message.BusinessReject:
		a.State, a.Reason, a.Text = oracle.Refused, m.Reason.String(), m.Field+": "+m.Text
		return a, m.Reason.Taken()
	default:
		return a, false
	}
	return a, true
}
