package report

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Row is one run in a CSV file: what was done to the core and how long the core took to recover.
type Row struct {
	Seed     uint64
	Faults   string // as Run.Told writes them
	Requests int
	Ready    time.Duration // from the end of the last fault until every process was ready
	Trading  time.Duration // from the end of the last fault until every provider had a new request granted
	Silence  time.Duration // longest time in which a provider had no final answer
	Verdict  string        // "ok", or the names of the rules that were broken
}

var columns = []string{"seed", "faults", "requests", "ready_s", "trading_s", "silence_s", "verdict"}

// Rows returns the report's runs in the order of their seeds.
func (r Report) Rows() []Row {
	rows := make([]Row, len(r.Runs))
	for i, run := range r.Runs {
		rows[i] = Row{
			Seed: run.Seed, Faults: run.Told(), Requests: run.Requests, Verdict: run.verdict(),
			Ready: milliseconds(run.ReadyMS), Trading: milliseconds(run.TradingMS), Silence: milliseconds(run.SilenceMS),
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Seed, b.Seed) })
	return rows
}

// verdict returns the names of the broken rules; "ok" if there are none.
func (r Run) verdict() string {
	var rules []string
	for _, v := range r.Violations {
		if !slices.Contains(rules, v.Rule) {
			rules = append(rules, v.Rule)
		}
	}
	return cmp.Or(strings.Join(rules, ", "), "ok")
}

// WriteRows writes rows as CSV, with a header. Durations are in seconds, rounded to a tenth.
func WriteRows(out io.Writer, rows []Row) error {
	records := [][]string{columns}
	for _, row := range rows {
		records = append(records, []string{
			strconv.FormatUint(row.Seed, 10), row.Faults, strconv.Itoa(row.Requests),
			tenths(row.Ready), tenths(row.Trading), tenths(row.Silence), row.Verdict,
		})
	}
	if err := csv.NewWriter(out).WriteAll(records); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// ReadRows reads what WriteRows wrote.
func ReadRows(in io.Reader) ([]Row, error) {
	records, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	if len(records) == 0 || !slices.Equal(records[0], columns) {
		return nil, fmt.Errorf("read rows: the first line must be %q", strings.Join(columns, ","))
	}
	rows := make([]Row, len(records)-1)
	for i, record := range records[1:] {
		if rows[i], err = readRow(record); err != nil {
			return nil, fmt.Errorf("read row %d: %w", i+1, err)
		}
	}
	return rows, nil
}

func readRow(record []string) (row Row, err error) {
	var errs [5]error
	row.Seed, errs[0] = strconv.ParseUint(record[0], 10, 64)
	row.Requests, errs[1] = strconv.Atoi(record[2])
	row.Ready, errs[2] = time.ParseDuration(record[3] + "s")
	row.Trading, errs[3] = time.ParseDuration(record[4] + "s")
	row.Silence, errs[4] = time.ParseDuration(record[5] + "s")
	row.Faults, row.Verdict = record[1], record[6]
	return row, errors.Join(errs[:]...)
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func tenths(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) }
