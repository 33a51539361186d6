package report

import (
	"encoding/json"
	"fmt"
	"os"
)

// Full says what the servers of a full start cost, and whether the journal has everything.
type Full struct {
	P50Ratio        float64 `json:"full_p50_ratio"`        // of OpenP50 to the one without
	ThroughputRatio float64 `json:"full_throughput_ratio"` // of TradesPerSecond to the one without

	WithoutOpenP50 float64 `json:"without_open_p50_ms"`
	WithoutTrades  float64 `json:"without_trades_per_second"`

	MessagesPerSecond float64 `json:"messages_per_second"` // that the journal took, from the start of the load until nothing was missing
	Messages          int     `json:"messages"`            // in the journal in the end
	Spans             int     `json:"spans"`
	SpansMissing      int     `json:"spans_missing"` // handled messages without a span, once the journal has caught up
	CaughtUp          float64 `json:"caught_up_s"`   // from the end of the load until nothing was missing
	Incomplete        bool    `json:"incomplete"`    // it has not caught up in time
}

// Compare sets the ratios to the report of a run without the servers of a full start.
func (r *Report) Compare(path string) error {
	text, err := os.ReadFile(path) //nolint:gosec // where the caller says
	if err != nil {
		return fmt.Errorf("read the report to compare with: %w", err)
	}
	var without Report
	if err := json.Unmarshal(text, &without); err != nil {
		return fmt.Errorf("read the report to compare with: %w", err)
	}
	if r.Full == nil {
		r.Full = &Full{}
	}
	r.WithoutOpenP50, r.WithoutTrades = without.OpenP50, without.TradesPerSecond
	r.Full.P50Ratio = ratio(r.OpenP50, without.OpenP50)
	r.Full.ThroughputRatio = ratio(r.TradesPerSecond, without.TradesPerSecond)
	return nil
}
