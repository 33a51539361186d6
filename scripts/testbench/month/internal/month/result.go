package month

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// Result is the content of latest.json. All figures are counted in the services' tables and in the mainframe's book.
type Result struct {
	Days                      int     `json:"days"`
	Trades                    int     `json:"trades"`
	LegsExecuted              int     `json:"legs_executed"`
	ExecutedTwice             int     `json:"executed_twice"` // legs, and movements of no leg
	NotExecuted               int     `json:"not_executed"`   // legs whose time is over
	LedgerImbalance           int     `json:"ledger_imbalance"`
	ReconciliationDifferences int     `json:"reconciliation_differences"`
	LineDifferences           int     `json:"line_differences"`
	Seconds                   float64 `json:"seconds"`

	TradesByFIX    int                `json:"trades_by_fix"`
	TradesBySocket int                `json:"trades_by_socket"`
	TradesByAPI    int                `json:"trades_by_api"`
	TradesExecuted int                `json:"trades_executed"` // all their legs are settled
	Movements      int                `json:"movements"`       // that the mainframe has made
	LegsFailed     int                `json:"legs_failed"`     // of those not executed
	LegsOpen       int                `json:"legs_open"`       // their value date is beyond the month
	Refused        []string           `json:"refused"`         // the last refusals that no mistake of a provider explains
	Violations     []oracle.Violation `json:"violations"`
	At             time.Time          `json:"at"`
}

// count enters what the evidence shows, and what was found to be wrong.
func (r *Result) count(e oracle.Evidence, found []oracle.Violation) {
	r.At = time.Now().UTC().Truncate(time.Second)
	r.Trades, r.Movements, r.Violations = len(e.Trades), len(e.Moved), found
	for _, t := range e.Trades {
		switch {
		case t.Provider == "API":
			r.TradesByAPI++
		case len(t.Provider) > 5 && t.Provider[:5] == "STEST":
			r.TradesBySocket++
		default:
			r.TradesByFIX++
		}
		if t.Status == "executed" {
			r.TradesExecuted++
		}
	}
	n := e.Count()
	r.LegsExecuted, r.ExecutedTwice, r.NotExecuted, r.LegsFailed, r.LegsOpen = n.Executed, n.Twice, n.NotExecuted, n.Failed, n.Open
	for _, c := range e.Compared {
		r.ReconciliationDifferences += c.Differences
	}
	for _, v := range found {
		switch {
		case slices.Contains(ledgerRules, v.Rule):
			r.LedgerImbalance++
		case v.Rule == "reconciled":
			r.ReconciliationDifferences++
		case slices.Contains(lineRules, v.Rule):
			r.LineDifferences++
		}
	}
}

// Kept reports whether every promise was kept.
func (r Result) Kept() bool {
	return r.Trades > 0 && r.LegsExecuted > 0 && len(r.Violations)+r.ExecutedTwice+r.NotExecuted+r.LedgerImbalance+r.ReconciliationDifferences+r.LineDifferences == 0
}

// shown is how many violations are printed. The file has all.
const shown = 20

// Print writes the result for a person.
func (r Result) Print(out io.Writer) {
	say := func(format string, values ...any) { _, _ = fmt.Fprintf(out, format+"\n", values...) }
	say("\n%d business days in %.0f s", r.Days, r.Seconds)
	say("  %d trades: %d by FIX, %d by socket, %d by the API; %d are executed", r.Trades, r.TradesByFIX, r.TradesBySocket, r.TradesByAPI, r.TradesExecuted)
	say("  %d legs executed by %d movements of the mainframe, %d of them twice", r.LegsExecuted, r.Movements, r.ExecutedTwice)
	say("  %d legs not executed in time, %d of them known to have failed; %d wait for their date", r.NotExecuted, r.LegsFailed, r.LegsOpen)
	say("  differences: %d in the ledger, %d to the mainframe, %d in the lines", r.LedgerImbalance, r.ReconciliationDifferences, r.LineDifferences)
	for _, text := range r.Refused {
		say("  refused: %s", text)
	}
	for _, v := range r.Violations[:min(shown, len(r.Violations))] {
		say("  %s", v.Detailed())
	}
	if left := len(r.Violations) - shown; left > 0 {
		say("  and %d more", left)
	}
	if r.Kept() {
		say("every promise was kept")
		return
	}
	say("promises were not kept")
}

// Write writes the result as JSON.
func (r Result) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}
