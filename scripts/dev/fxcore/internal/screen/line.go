package screen

import (
	"fmt"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/watch"
)

// Line returns a report in one line, for output that is not a terminal.
func Line(r watch.Report, now time.Time) string {
	var late []string
	for _, s := range r.Services {
		if s.State != "ready" {
			late = append(late, strings.TrimSuffix(s.Name+"-"+s.Replica, "-")+" "+s.State)
		}
	}
	line := fmt.Sprintf("%s trades %d registered, %d rejected, %.1f/s, p50 %.0f ms, p99 %.0f ms; line checks %d; error queue %d",
		now.UTC().Format("15:04:05"), r.TradesRegistered, r.TradesRejected, r.TradesPerSecond, r.P50, r.P99, r.LineChecks, r.ErrorQueue)
	if len(late) > 0 {
		line += "; not ready: " + strings.Join(late, ", ")
	}
	return line
}
