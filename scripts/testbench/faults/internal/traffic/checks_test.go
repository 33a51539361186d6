package traffic

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// Only what was approved, was left alone and is old enough has lapsed.
func TestTheLapsedChecksOfEarlierRunsAreFoundInTheRecords(t *testing.T) {
	folder := t.TempDir()
	file, err := os.Create(filepath.Join(folder, "s1-TEST1.jsonl")) //nolint:gosec // a test's own folder
	if err != nil {
		t.Fatal(err)
	}
	w := record.NewWriter(file)
	for i, s := range []oracle.Sent{
		{Session: "TEST1", Reference: "left", Action: "reserve"},
		{Session: "TEST1", Reference: "refused", Action: "reserve"},
		{Session: "TEST1", Reference: "consumed", Action: "reserve"},
		{Session: "TEST1", Reference: "used", Action: "reserve"},
		{Session: "TEST2", Reference: "theirs", Action: "reserve"},
		{Session: "TEST1", Reference: "young", Action: "reserve", At: noon.Add(time.Second)},
		{Session: "TEST1", Reference: "consumption", Action: "consume", Target: "consumed"},
		{Session: "TEST1", Reference: "trade", Form: "D", Uses: "id of used"},
	} {
		if s.At.IsZero() {
			s.At = noon
		}
		s.Client, s.Pair, s.Currency, s.Side, s.Amount = "C000001", "EUR/USD", "EUR", "buy", decimal.NewFromInt(5000)
		w.Sent(s)
		a := oracle.Answer{Session: s.Session, Reference: s.Reference, State: oracle.Accepted, ID: "id of " + s.Reference, Seq: i + 2, At: s.At}
		if s.Reference == "refused" {
			a.State = oracle.Rejected
		}
		w.Received(a)
	}
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
	found, err := lapsed(folder, "TEST1", noon.Add(life))
	if err != nil || len(found) != 1 || found[0].Reference != "left" || found[0].ID != "id of left" || found[0].Amount != "5000" || !found[0].Buy {
		t.Errorf("%+v, %v", found, err)
	}
}
