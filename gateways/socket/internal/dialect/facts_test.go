package dialect

import (
	"testing"
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
)

// A report is a fact: what it says beside amounts and rates reaches the core as it says it.
func TestAReportBringsItsFacts(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	report := &message.TradeReport{
		RequestHead: message.RequestHead{Sequence: 1, Reference: "R"}, TradeDate: "2026-11-23", SpotRate: "1.1487", SwapPoints: "-0.002",
		Terms: message.Terms{
			TransactedAt: noon, Client: "C000900", Product: message.Swap, Pair: "EUR/USD", Currency: "EUR",
			Legs: []message.Leg{
				{Side: message.Buy, Amount: "1000000", Rate: "1.150713", ValueDate: "2026-12-28", Other: "1150713", Points: "0.002013"},
				{Side: message.Sell, Amount: "1000000", Rate: "1.148713", ValueDate: "2027-01-28", Points: "0.000013"},
			},
		},
	}
	e, err := New("SANDBOXS", "sandboxs", time.Minute).ToEvent(report, func(string, string) string { return "id" }, noon)
	if err != nil {
		t.Fatal(err)
	}
	var got TradeRequested
	if err := e.Read(&got); err != nil {
		t.Fatal(err)
	}
	if want := (story.Facts{ReportedTradeDate: "2026-11-23", SpotRate: "1.1487", SwapPoints: "-0.002"}); got.Request.Facts != want {
		t.Errorf("facts %+v, want %+v", got.Request.Facts, want)
	}
	if near, far := got.Request.Legs[0], got.Request.Legs[1]; near.ForwardPoints != "0.002013" || far.ForwardPoints != "0.000013" {
		t.Errorf("points %s and %s", near.ForwardPoints, far.ForwardPoints)
	}
	if got.Request.Kind != story.KindReport || got.Request.TradeDate != "2026-11-24" || got.Request.Legs[0].OtherAmount != "1150713" {
		t.Errorf("%+v", got.Request)
	}
}
