package message_test

import (
	"time"

	"fxcore/gateways/socket/message"
)

var (
	noon   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	millis = noon.Add(7 * time.Millisecond)
)

const (
	tradeID = "57d1b598-04a6-833e-865b-fc98d1920283"
	checkID = "7d0e7b52-3c44-8b39-a7f4-51f0f6a1c9d2"
)

func terms(product message.Product, legs ...message.Leg) message.Terms {
	return message.Terms{
		TransactedAt: noon, Client: "C000900", Product: product, Pair: "EUR/USD", Currency: "EUR", Legs: legs,
	}
}

func spotLeg() message.Leg {
	return message.Leg{Side: message.Buy, Amount: "1000000", Rate: "1.08432", Tenor: "SPOT"}
}

// samples returns each message in each of its uses. The vectors in testdata are made from them.
func samples() map[string]message.Message {
	all := map[string]message.Message{}
	for name, m := range requestSamples() {
		all[name] = m
	}
	for name, m := range answerSamples() {
		all[name] = m
	}
	return all
}

func requestSamples() map[string]message.Request {
	quoted := terms(message.Spot, spotLeg())
	quoted.Account, quoted.QuoteID = "ACC-1", "Q-1"
	return map[string]message.Request{
		"spot": &message.TradeRequest{RequestHead: request(1, "S-1"), Terms: terms(message.Spot, spotLeg())},
		"spot-quoted": &message.TradeRequest{
			RequestHead: request(2, "S-2"), Deadline: noon.Add(10 * time.Second), Terms: quoted,
		},
		"forward": &message.TradeRequest{RequestHead: request(3, "F-1"), Terms: terms(message.Forward, message.Leg{
			Side: message.Sell, Amount: "250000", Rate: "1.0893", Tenor: "3M", ValueDate: "2027-02-26",
		})},
		"swap": &message.TradeRequest{RequestHead: request(4, "W-1"), Terms: terms(message.Swap,
			spotLeg(), message.Leg{Side: message.Sell, Amount: "1000000", Rate: "1.085", Tenor: "1M"})},
		"report": &message.TradeReport{RequestHead: request(5, "R-1"), Terms: terms(message.Spot, spotLeg())},
		"reserve": &message.LineCheck{
			RequestHead: request(6, "L-1"), Action: message.Reserve, TransactedAt: noon, Client: "C000900",
			ExpiresAt: noon.Add(time.Minute), Pair: "EUR/USD", Currency: "EUR", Side: message.Buy, Amount: "1000000", Tenor: "1M",
		},
		"consume": &message.LineCheck{
			RequestHead: request(7, "L-2"), Action: message.Consume, TransactedAt: noon, Client: "C000900", ReservationReference: "L-1",
		},
		"cancel": &message.LineCheck{
			RequestHead: request(8, "L-3"), Action: message.Cancel, TransactedAt: noon, Client: "C000900", ReservationID: checkID,
		},
		"on-a-check": &message.TradeRequest{RequestHead: request(9, "S-3"), Terms: using(checkID, "", message.Free)},
		"report-of-more": &message.TradeReport{
			RequestHead: request(10, "R-2"), Terms: more(), TradeDate: "2026-11-23", SpotRate: "1.0843",
		},
		"consume-a-part": &message.LineCheck{
			RequestHead: request(11, "L-4"), Action: message.Consume, TransactedAt: noon, Client: "C000900", ReservationID: checkID,
			Currency: "EUR", Amount: "400000",
		},
		"consume-for-a-trade": &message.LineCheck{
			RequestHead: request(13, "L-6"), Action: message.Consume, TransactedAt: noon, Client: "C000900", ReservationID: checkID,
			Amount: "400000", ForTradeReference: "R-2",
		},
		"reverse": &message.LineCheck{
			RequestHead: request(12, "L-5"), Action: message.Reverse, TransactedAt: noon, Client: "C000900", ReservationID: checkID,
		},
		"how-far":        &message.StatusRequest{},
		"status-request": &message.StatusRequest{RequestHead: request(0, "S-1"), Subject: message.Trade, TradeDate: "2026-11-24"},
	}
}

// using returns the terms of a spot trade that uses a line check.
func using(id, reference string, rest message.Rest) message.Terms {
	t := terms(message.Spot, spotLeg())
	t.CheckID, t.CheckReference, t.Rest = id, reference, rest
	return t
}

// more returns the terms of a report with all that it may say.
func more() message.Terms {
	t := using("", "L-1", 0)
	t.Legs[0].Other = "1084320"
	return t
}

func request(sequence uint64, reference string) message.RequestHead {
	return message.RequestHead{Sequence: sequence, Reference: reference}
}

func answer(received, sequence uint64, reference string) message.AnswerHead {
	return message.AnswerHead{Received: received, Sequence: sequence, Reference: reference}
}

func answerSamples() map[string]message.Answer {
	return map[string]message.Answer{
		"pending": &message.Pending{
			AnswerHead: answer(1, 1, "S-1"), Of: message.TypeTradeRequest, ID: tradeID, TradeDate: "2026-11-24", TakenAt: millis,
		},
		"executed": &message.Executed{
			AnswerHead: answer(1, 1, "S-1"), TradeID: tradeID, AnswerID: "E-1", TradeDate: "2026-11-24", DecidedAt: millis,
			Client: "C000900", Product: message.Spot, Pair: "EUR/USD", Currency: "EUR",
			Legs: []message.ExecutedLeg{{
				Side: message.Buy, Amount: "1000000", Rate: "1.08432", ValueDate: "2026-11-27", OtherCurrency: "USD", OtherAmount: "1084320",
			}},
		},
		"executed-swap": &message.Executed{
			AnswerHead: answer(4, 4, "W-1"), TradeID: tradeID, AnswerID: "E-2", TradeDate: "2026-11-24", DecidedAt: millis,
			Client: "C000900", Product: message.Swap, Pair: "EUR/USD", Currency: "EUR", SpotRate: "1.08432",
			Legs: []message.ExecutedLeg{
				{
					Side: message.Buy, Amount: "1000000", Rate: "1.08432", ValueDate: "2026-11-27",
					OtherCurrency: "USD", OtherAmount: "1084320", ForwardPoints: "0",
				},
				{
					Side: message.Sell, Amount: "1000000", Rate: "1.085", ValueDate: "2026-12-28",
					OtherCurrency: "USD", OtherAmount: "1085000", ForwardPoints: "0.00068",
				},
			},
		},
		"rejected": &message.TradeRejected{
			AnswerHead: answer(3, 3, "F-1"), TradeID: tradeID, AnswerID: "E-3", DecidedAt: millis,
			Refusal: message.Refusal{Code: "off_market", Text: "1.0893 is 52 pips off 1.0841: ask for a new quote"},
		},
		"report-taken": &message.ReportAnswered{
			AnswerHead: answer(5, 5, "R-1"), Outcome: message.Approved, TradeID: tradeID, AnswerID: "E-4", TradeDate: "2026-11-24", DecidedAt: millis,
		},
		"report-refused": &message.ReportAnswered{
			AnswerHead: answer(5, 5, "R-1"), Outcome: message.Refused, TradeID: tradeID, AnswerID: "E-5", DecidedAt: millis,
			Refusal: message.Refusal{Code: "unknown_client", Text: "C000900 is not known: check the client's id"},
		},
		"reserved": &message.LineChecked{
			AnswerHead: answer(6, 6, "L-1"), Outcome: message.Approved, Action: message.Reserve, CheckID: checkID, AnswerID: "E-6",
			ReservationID: checkID, DecidedAt: millis, ApprovedAmount: "1000000", Currency: "EUR", ExpiresAt: noon.Add(time.Minute),
			Nodes: []message.Node{{Name: "client/C000900", Currency: "USD", Limit: "150000", Before: "0", After: "108432"}},
		},
		"not-reserved": &message.LineChecked{
			AnswerHead: answer(6, 6, "L-1"), Outcome: message.Refused, Action: message.Reserve, CheckID: checkID, AnswerID: "E-7",
			DecidedAt: millis, Refusal: message.Refusal{Code: "line_exceeded", Text: "108432 USD needed, 100000 left on client/C000900"},
			Nodes: []message.Node{{Name: "client/C000900", Currency: "USD", Limit: "150000", Before: "50000", After: "158432"}},
		},
		"status": &message.Status{
			AnswerHead: answer(8, 0, "S-1"), Subject: message.Trade, TradeDate: "2026-11-24", State: message.Decided, ID: tradeID, DecidedBy: 2,
		},
		"received": &message.Status{AnswerHead: answer(8, 0, "")},
		"business-reject": &message.BusinessReject{
			AnswerHead: answer(9, 9, "S-9"), Reason: message.Malformed, RefType: message.TypeTradeRequest, RefVersion: message.Current,
			Field: "legs[0].amount", Text: "must be above zero",
		},
	}
}
