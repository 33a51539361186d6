package demo

import (
	"fmt"
	"strings"
	"time"
)

// The bank keeps the holidays of these years: enough for the longest tenor, and for years of running.
const (
	firstYear = 2025
	lastYear  = 2042
)

// Holiday is a day on which a currency's payment system is closed, so that nothing settles in it.
type Holiday struct {
	Currency string
	Date     time.Time
	Name     string
}

// Weekend is a currency's weekly days of rest since a date.
type Weekend struct {
	Currency string
	From     time.Time
	Days     []time.Weekday
}

// Holidays returns the holidays of the currencies that have is true for, by currency and date.
func Holidays(has func(currency string) bool) ([]Holiday, error) {
	_, rows, err := table("data/settlement-holidays-2015-2056.csv")
	if err != nil {
		return nil, err
	}
	var all []Holiday
	for _, row := range rows {
		date, err := time.Parse(time.DateOnly, row[1])
		if err != nil {
			return nil, fmt.Errorf("holiday of %s: %w", row[0], err)
		}
		if has(row[0]) && date.Year() >= firstYear && date.Year() <= lastYear {
			all = append(all, Holiday{Currency: row[0], Date: date, Name: row[2]})
		}
	}
	return all, nil
}

// Weekends returns the days of rest of each of the currencies: its own, or else the rule for all ("*").
func Weekends(currencies []Currency) ([]Weekend, error) {
	_, rows, err := table("data/weekends.csv")
	if err != nil {
		return nil, err
	}
	rules := make(map[string][]Weekend)
	for _, row := range rows {
		w, err := parseWeekend(row)
		if err != nil {
			return nil, fmt.Errorf("weekend of %s: %w", row[0], err)
		}
		rules[row[0]] = append(rules[row[0]], w)
	}
	var all []Weekend
	for _, c := range currencies {
		own, has := rules[c.Code]
		if !has {
			own = rules["*"]
		}
		for _, w := range own {
			all = append(all, Weekend{Currency: c.Code, From: w.From, Days: w.Days})
		}
	}
	return all, nil
}

func parseWeekend(row []string) (Weekend, error) {
	from, err := time.Parse(time.DateOnly, row[1])
	if err != nil {
		return Weekend{}, err
	}
	w := Weekend{From: from}
	for name := range strings.FieldsSeq(row[2]) {
		day, err := weekday(name)
		if err != nil {
			return Weekend{}, err
		}
		w.Days = append(w.Days, day)
	}
	return w, nil
}

func weekday(name string) (time.Weekday, error) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if day.String()[:3] == name {
			return day, nil
		}
	}
	return 0, fmt.Errorf("%q is not a day of the week", name)
}
