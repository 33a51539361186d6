package steps_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
)

// Readers are tested against the samples, so they must be what the service really publishes.
func TestTheSamplesAreWhatIsPublished(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "1000000", "1117500"))
	request := c.run(steps.ExecuteDue)[0]
	failed := c.good(steps.Movements(static), refusedOf(t, request, "NOFUNDS"))[0]
	declined := c.good(steps.Movements(static), told(t, contract.SettlementCommanded, "1", messages.Commanded{
		MovementID: requestOf(t, request).MovementID, Action: messages.Found, By: "U0013", Reason: "it is in the mainframe's book", Reference: "M17",
	}))[0]
	asked := c.run(steps.Reconcile)[0]
	c.answer(nil, []event.Event{asked}, 1)
	reconciled := c.listed()[0]
	trades := c.run(steps.TakeOverTrades)[0]
	reported := c.run(steps.ReportDay)[0]
	settled := c.good(steps.Movements(static), madeOf(t, request, "M00000000001", morning))[0]
	for typ, e := range map[event.Type]event.Event{
		contract.MovementRequested: request, contract.SettlementFailed: failed, contract.SettlementSettled: settled,
		contract.StatementRequested: asked, contract.TradesRequested: trades, contract.SettlementReconciled: reconciled,
		contract.SettlementReported: reported, contract.SettlementDeclined: declined,
	} {
		sample.Is(t, "../messages/samples", typ, e)
	}
}

// Trading's sample of trade.registered has every field that settlement needs.
func TestTradingsSampleIsRead(t *testing.T) {
	data := sample.Of(t, "services/trading/internal/messages", contract.TradeRegistered)
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, "sample"), "alpha", "sample", data)
	if err != nil {
		t.Fatal(err)
	}
	c := newCore(t)
	c.good(steps.Trades(static), e)
	if got := c.rows("select client || ' ' || desk || ' ' || product || ' ' || base_amount || ' ' || quote_amount from obligation order by leg"); got !=
		"C000001 FXS1 swap 1000000 -1117500\nC000001 FXS1 swap -1000000 1119420.5" {
		t.Error(got)
	}
}

// So has the mainframe gateway's sample of trade.booked.
func TestTheGatewaysBookingIsRead(t *testing.T) {
	data := sample.Of(t, "gateways/mainframe/internal/messages", contract.TradeBooked)
	e, err := event.New(contract.TradeBooked, event.NewID(testkit.Day, "sample"), "alpha", "sample", data)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := messages.ReadBooked(e); err != nil || got.Version != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// So has the mainframe gateway's sample of trade.refused.
func TestTheGatewaysRefusalOfABookingIsRead(t *testing.T) {
	data := sample.Of(t, "gateways/mainframe/internal/messages", contract.TradeRefused)
	e, err := event.New(contract.TradeRefused, event.NewID(testkit.Day, "sample"), "alpha", "sample", data)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := messages.ReadBookingRefused(e); err != nil || got.Code == "" || got.Version != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
