package steps

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

// A report that needs more than its line check has reserved is logged when it is registered: on-call tells credit risk. What the
// check or the line covers is not.
func TestAFlaggedReportIsLoggedWhenItIsRegistered(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		trade priced
		flag  string
	}{
		"over the line":    {priced{messages.Reported, "1000000", "1200000", "1.2"}, messages.OverLine},
		"covered":          {priced{messages.Reported, "1000000", "1000000", "1"}, ""},
		"a requested deal": {priced{"request", "1000000", "1000000", "1"}, ""},
	} {
		var out bytes.Buffer
		w := newWorld(t)
		w.log = slog.New(slog.NewTextHandler(&out, nil))
		if got := w.verdict(reserving("L1", "1000000").message(t, deadline)); got != "linecheck.completed approved" {
			t.Fatal(rule, got)
		}
		reserved := c.trade.reserve(t, w)
		if out.Len() > 0 {
			t.Errorf("%s: it is not done yet: %s", rule, out.String())
		}
		registered := message(t, contract.TradeRegistered, reserved.Correlation, "1", time.Time{}, reserved.Data)
		if _, err := w.deliver(registered); err != nil {
			t.Fatal(rule, err)
		}
		if c.flag == "" {
			if out.Len() > 0 {
				t.Errorf("%s: %s", rule, out.String())
			}
			continue
		}
		if strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%s: not one line: %s", rule, out.String())
		}
		text := read[answered](t, reserved).Reserved.Basis.Flags[0].Text
		for _, part := range []string{"level=WARN", "flag=" + c.flag, "trade=" + reserved.Correlation, "check=" + reserving("L1", "").id(), "provider=ALPHA", text} {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: the log lacks %q: %s", rule, part, out.String())
			}
		}
	}
}
