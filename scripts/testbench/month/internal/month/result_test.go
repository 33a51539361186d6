package month

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

func evidence() oracle.Evidence {
	leg := func(trade, state, movement string) oracle.Obligation {
		return oracle.Obligation{SettledLeg: oracle.SettledLeg{TradeID: trade, Leg: 1}, State: state, Movement: movement, Until: time.Unix(200, 0)}
	}
	return oracle.Evidence{
		At:     time.Unix(100, 0),
		Trades: []oracle.Trade{{ID: "T1", Provider: "TEST1", Status: "executed"}, {ID: "T2", Provider: "STEST1"}, {ID: "T3", Provider: "API"}},
		Owed:   []oracle.Obligation{leg("T1", "settled", "M1"), leg("T2", "open", ""), leg("T3", "open", "")},
		Moved:  []oracle.Movement{{ID: "M1"}},
	}
}

func TestEachKindOfViolationIsCountedAndBreaksThePromise(t *testing.T) {
	for rule, of := range map[string]func(*Result) int{
		"books are owed":        func(r *Result) int { return r.LedgerImbalance },
		"reconciled":            func(r *Result) int { return r.ReconciliationDifferences },
		"usage of reservations": func(r *Result) int { return r.LineDifferences },
		"answered once":         func(r *Result) int { return len(r.Violations) },
	} {
		var sound, r Result
		sound.count(evidence(), nil)
		r.count(evidence(), []oracle.Violation{{Rule: rule, ID: "X", Text: "is wrong"}})
		if !sound.Kept() || r.Kept() || of(&sound) != 0 || of(&r) != 1 {
			t.Errorf("%s: sound %+v, broken %+v", rule, sound, r)
		}
		var said bytes.Buffer
		r.Print(&said)
		if !strings.Contains(said.String(), "X: is wrong") {
			t.Errorf("%s: the summary does not name it: %s", rule, said.String())
		}
	}
}

func TestWhatIsNotExecutedOrTwiceBreaksThePromise(t *testing.T) {
	for name, spoil := range map[string]func(e *oracle.Evidence){
		"twice":        func(e *oracle.Evidence) { e.Moved = append(e.Moved, e.Moved[0]) },
		"not executed": func(e *oracle.Evidence) { e.At = time.Unix(300, 0) },
		"no trade":     func(e *oracle.Evidence) { e.Trades = nil },
		"differences": func(e *oracle.Evidence) {
			e.Compared = []oracle.Comparison{{Day: "2026-12-01", Differences: 2, Finished: true}}
		},
	} {
		var r Result
		e := evidence()
		spoil(&e)
		r.count(e, nil)
		if r.Kept() {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Programs read these fields.
func TestTheFileHasTheFieldsThatProgramsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latest.json")
	if err := (Result{Days: 3}).Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"days", "trades", "legs_executed", "executed_twice", "not_executed", "ledger_imbalance", "reconciliation_differences", "line_differences", "seconds",
	} {
		if _, there := fields[name]; !there {
			t.Errorf("no field %s", name)
		}
	}
}
