package demo

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Fixings is the European Central Bank's series of reference rates: units of a currency for one euro, one row a day on
// which they were published, oldest first.
type Fixings struct {
	Days  []time.Time                  // at midnight UTC
	Rates map[string][]decimal.Decimal // by currency, parallel to Days; zero where none was published
}

// ReadFixings reads the whole series.
func ReadFixings() (Fixings, error) {
	heading, rows, err := table("data/ecb-reference-rates-2012-2026.csv")
	if err != nil {
		return Fixings{}, err
	}
	return parseFixings(heading, rows)
}

// lastFixings reads the last n rows only: the market walks over no more.
func lastFixings(n int) (Fixings, error) {
	heading, rows, err := table("data/ecb-reference-rates-2012-2026.csv")
	if err != nil {
		return Fixings{}, err
	}
	return parseFixings(heading, rows[max(0, len(rows)-n):])
}

func parseFixings(heading []string, rows [][]string) (Fixings, error) {
	f := Fixings{Rates: make(map[string][]decimal.Decimal, len(heading))}
	for _, row := range rows {
		day, err := time.Parse(time.DateOnly, row[0])
		if err != nil {
			return Fixings{}, fmt.Errorf("fixing: %w", err)
		}
		f.Days = append(f.Days, day)
		for i, currency := range heading[1:] {
			rate, err := fixing(row[i+1])
			if err != nil {
				return Fixings{}, fmt.Errorf("fixing of %s on %s: %w", currency, row[0], err)
			}
			f.Rates[currency] = append(f.Rates[currency], rate)
		}
	}
	return f, nil
}

func fixing(text string) (decimal.Decimal, error) {
	if text == "" {
		return decimal.Zero, nil
	}
	return number("rate", text)
}
