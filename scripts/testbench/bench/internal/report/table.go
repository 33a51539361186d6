package report

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print prints the report for people.
func (r *Report) Print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(what, format string, values ...any) { _, _ = fmt.Fprintf(t, what+"\t"+format+"\n", values...) } // to a terminal
	row("trades a second", "%.0f\twith %d in flight from %d sessions, for %.0f s (and %.0f line checks a second)",
		r.TradesPerSecond, r.InFlight, r.Sessions, r.Seconds, r.ChecksPerSecond)
	row("  raw chain", "%.0f\tratio %.2f", r.RawPerSecond, r.ThroughputRatio)
	row("  latency", "p50 %.0f ms\tp99 %.0f ms, p99.9 %.0f ms", r.P50, r.P99, r.P999)
	row("  longest silence", "%.0f ms\tof any provider: no final answer came", r.Silence)
	row(fmt.Sprintf("at %.0f a second", r.OpenRate), "p50 %.1f ms\tp99 %.1f ms, slowest %.0f ms", r.OpenP50, r.OpenP99, r.OpenSlowest)
	row("one at a time", "p50 %.1f ms\traw chain %.1f ms, ratio %.2f", r.SingleP50, r.SingleRawP50, r.SingleRatio)
	row("1,000 at once", "%.0f ms\tto the last answer", r.Burst)
	row("requests", "%d\tanswered %d, lost %d, doubled %d, rejected %d", r.Sent, r.Answered, r.Lost, r.Doubled, r.Rejected)
	if f := r.Full; f != nil {
		row("with all servers", "%.2f\ttimes the trades a second without: %.0f", f.ThroughputRatio, f.WithoutTrades)
		row("  at a fixed rate", "%.2f\ttimes the p50 without: %.1f ms", f.P50Ratio, f.WithoutOpenP50)
		row("  journal", "%.0f\tmessages a second; %d messages, %d spans, %d missing, caught up %.0f s after the load",
			f.MessagesPerSecond, f.Messages, f.Spans, f.SpansMissing, f.CaughtUp)
	}
	_ = t.Flush()
	if r.Reason != "" {
		_, _ = fmt.Fprintf(w, "the last rejection: %s\n", r.Reason)
	}
	r.printProcesses(w)
}

func (r *Report) printProcesses(w io.Writer) {
	if len(r.Processes) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(t, "\nprocess\treplica\tCPU s\tcores\tMB\t\n")
	total := 0.0
	for _, p := range r.Processes {
		total += p.CPUSeconds
		_, _ = fmt.Fprintf(t, "%s\t%s\t%.1f\t%.2f\t%.0f\t\n", p.Name, p.Replica, p.CPUSeconds, ratio(p.CPUSeconds, r.Seconds), p.MemoryMB)
	}
	_, _ = fmt.Fprintf(t, "%s\t\t%.1f\t%.2f\t\t\n", "all", total, ratio(total, r.Seconds))
	_ = t.Flush()
}
