// Package realdata gives the tests of services the real settlement holidays, weekends and reference rates, so that
// they prove the date and price rules on real calendars. Only tests import it.
package realdata

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
	"fxcore/services/market/hours"
)

// Calendars returns the calendar of every currency in the file of settlement holidays.
func Calendars(t testing.TB) map[string]*calendar.Calendar {
	t.Helper()
	weekends := weekends(t)
	calendars := map[string]*calendar.Calendar{}
	for currency, holidays := range holidays(t) {
		rules := weekends[currency]
		if rules == nil {
			rules = weekends["*"]
		}
		c, err := calendar.New(currency, rules, holidays)
		if err != nil {
			t.Fatal(err)
		}
		calendars[currency] = c
	}
	return calendars
}

// Rates returns the reference rates published on day (YYYY-MM-DD), in units of each currency per euro.
func Rates(t testing.TB, day string) map[string]decimal.Decimal {
	t.Helper()
	rows := read(t, "ecb-reference-rates-2012-2026.csv")
	header := rows[0]
	rates := map[string]decimal.Decimal{"EUR": decimal.NewFromInt(1)}
	for _, row := range rows[1:] {
		for column := 1; row[0] == day && column < len(row); column++ {
			if row[column] != "" {
				rates[header[column]] = decimal.RequireFromString(row[column])
			}
		}
	}
	if len(rates) == 1 {
		t.Fatalf("no reference rates were published on %s", day)
	}
	for currency, units := range map[string]string{"AED": "3.6725", "SAR": "3.75"} { // for a dollar, which their central banks keep
		rates[currency] = rates["USD"].Mul(decimal.RequireFromString(units))
	}
	return rates
}

// Date parses an ISO 8601 date and fails the test on an error.
func Date(t testing.TB, text string) fxdate.Date {
	t.Helper()
	d, err := fxdate.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TimeOfDay parses a time of day in a zone and fails the test on an error.
func TimeOfDay(t testing.TB, clock, zone string) hours.TimeOfDay {
	t.Helper()
	parsed, err := hours.ParseTimeOfDay(clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func holidays(t testing.TB) map[string]map[fxdate.Date]string {
	t.Helper()
	byCurrency := map[string]map[fxdate.Date]string{}
	for _, row := range read(t, "settlement-holidays-2015-2056.csv")[1:] {
		currency, date, name := row[0], row[1], row[2]
		if byCurrency[currency] == nil {
			byCurrency[currency] = map[fxdate.Date]string{}
		}
		byCurrency[currency][Date(t, date)] = name
	}
	return byCurrency
}

func weekends(t testing.TB) map[string][]calendar.Weekend {
	t.Helper()
	byCurrency := map[string][]calendar.Weekend{}
	for _, row := range read(t, "weekends.csv")[1:] {
		rule := calendar.Weekend{From: Date(t, row[1])}
		for _, day := range strings.Fields(row[2]) {
			rule.Days = append(rule.Days, weekday(t, day))
		}
		byCurrency[row[0]] = append(byCurrency[row[0]], rule)
	}
	return byCurrency
}

func weekday(t testing.TB, short string) time.Weekday {
	t.Helper()
	for day := time.Sunday; day <= time.Saturday; day++ {
		if day.String()[:3] == short {
			return day
		}
	}
	t.Fatalf("weekday %q", short)
	return 0
}

func read(t testing.TB, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join(folder(t), name)) //nolint:gosec // a file of the project
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// folder finds the folder of the demo data. It searches upwards for the module's root, so that tests of packages at any
// depth can use it.
func folder(t testing.TB) string {
	t.Helper()
	for dir := "."; len(dir) < 64; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "gateways", "mainframe", "simulator", "demo", "data")
		}
	}
	t.Fatal("no go.mod above the test's folder")
	return ""
}
