package dialect

import (
	"testing"
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// The provider reads what is remarkable about a report that is accepted, whoever has flagged it, and the trade date that it stated. An older
// version of trading tells its own flags alone.
func TestAnAcceptedReportSaysWhatIsRemarkable(t *testing.T) {
	own := story.Flag{Flag: "off_market", Text: "the rate 1.2 is off"}
	ofLineCheck := story.Flag{Flag: "over_line", Text: "short by 1"}
	for want, registered := range map[string]*story.Registered{
		"off_market: the rate 1.2 is off":                        {RegisteredAt: time.Unix(1, 0)},
		"off_market, over_line: the rate 1.2 is off; short by 1": {RegisteredAt: time.Unix(1, 0), Flags: []story.Flag{own, ofLineCheck}},
	} {
		end := story.TradeEnd[Echo]{Registered: registered, Validated: &story.Validated{Flags: []story.Flag{own}}}
		end.Request.ReportedTradeDate = "2026-11-23"
		answer, err := reportAnswered(event.Event{}, end)
		if err != nil {
			t.Fatal(err)
		}
		a := answer.(*message.ReportAnswered)
		if a.Outcome != message.Approved || a.Code != "" || a.Text != want || a.ReportedTradeDate != "2026-11-23" {
			t.Errorf("%+v", a)
		}
	}
}
