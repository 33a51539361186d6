package feed

import (
	"fmt"
	"time"

	"fxcore/lambda/mirror"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
)

type weekendRecord struct {
	From string   `json:"from"`
	Days []string `json:"days"` // Mon, Tue, …
}

func decodeCalendars(records map[string][]byte) (map[string]*calendar.Calendar, error) {
	type record struct {
		Weekends []weekendRecord   `json:"weekends"`
		Holidays map[string]string `json:"holidays"` // date -> name
	}
	calendars := make(map[string]*calendar.Calendar, len(records))
	return calendars, mirror.Decode(records, func(currency string, r record) error {
		weekends, err := weekends(r.Weekends)
		if err != nil {
			return err
		}
		holidays, err := holidays(r.Holidays)
		if err != nil {
			return err
		}
		calendars[currency], err = calendar.New(currency, weekends, holidays)
		return err
	})
}

func weekends(records []weekendRecord) ([]calendar.Weekend, error) {
	rules := make([]calendar.Weekend, 0, len(records))
	for _, r := range records {
		from, err := fxdate.ParseDate(r.From)
		if err != nil {
			return nil, fmt.Errorf("weekend: %w", err)
		}
		rule := calendar.Weekend{From: from}
		for _, name := range r.Days {
			day, err := weekday(name)
			if err != nil {
				return nil, err
			}
			rule.Days = append(rule.Days, day)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

func weekday(name string) (time.Weekday, error) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if full := day.String(); name == full[:3] || name == full {
			return day, nil
		}
	}
	return 0, fmt.Errorf("weekend: %q is no day of the week", name)
}

func holidays(names map[string]string) (map[fxdate.Date]string, error) {
	dates := make(map[fxdate.Date]string, len(names))
	for text, name := range names {
		date, err := fxdate.ParseDate(text)
		if err != nil {
			return nil, fmt.Errorf("holiday %q: %w", name, err)
		}
		dates[date] = name
	}
	return dates, nil
}
