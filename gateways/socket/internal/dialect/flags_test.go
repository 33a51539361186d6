package dialect

import (
	"testing"
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// The provider reads what is remarkable about a report that is accepted.
func TestAnAcceptedReportSaysWhatIsRemarkable(t *testing.T) {
	end := story.TradeEnd[Echo]{
		Registered: &story.Registered{RegisteredAt: time.Unix(1, 0)},
		Validated:  &story.Validated{Flags: []story.Flag{{Text: "the rate 1.2 is off"}, {Text: "on a holiday"}}},
	}
	answer, err := reportAnswered(event.Event{}, end)
	if err != nil {
		t.Fatal(err)
	}
	if a := answer.(*message.ReportAnswered); a.Outcome != message.Approved || a.Code != "" || a.Text != "the rate 1.2 is off; on a holiday" {
		t.Errorf("%+v", a)
	}
}
