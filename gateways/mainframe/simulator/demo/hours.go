package demo

import (
	"fmt"
	"strconv"
	"time"
)

// Roll is the time at which a pair goes on to its next trade date, from a date on.
type Roll struct {
	From time.Time
	At   string // HH:MM
	Zone string // of the tz database
}

// CutOff is the latest time at which a currency can still settle on a value date, from a date on.
type CutOff struct {
	Roll
	DaysBefore int // business days before the value date
}

// readRolls reads the pairs that roll at another time than 17:00 in New York (londonfx.co.uk/valdates.html).
func readRolls() (map[string][]Roll, error) {
	_, rows, err := table("tables/rolls.csv")
	if err != nil {
		return nil, err
	}
	byPair := make(map[string][]Roll)
	for _, row := range rows {
		from, err := time.Parse(time.DateOnly, row[1])
		if err != nil {
			return nil, fmt.Errorf("roll of %s: %w", row[0], err)
		}
		byPair[row[0]] = append(byPair[row[0]], Roll{From: from, At: row[2], Zone: row[3]})
	}
	return byPair, nil
}

// readBrokenDates reads the pairs that the bank settles on broken dates by agreement: the banks of the Gulf rest on other days
// than those of the dollar.
func readBrokenDates() (map[string]bool, error) {
	_, rows, err := table("tables/broken_dates.csv")
	if err != nil {
		return nil, err
	}
	allowed := make(map[string]bool)
	for _, row := range rows {
		allowed[row[0]] = true
	}
	return allowed, nil
}

func readCutOffs() (map[string][]CutOff, error) {
	_, rows, err := table("tables/cutoffs.csv")
	if err != nil {
		return nil, err
	}
	byCurrency := make(map[string][]CutOff)
	for _, row := range rows {
		c := CutOff{Roll: Roll{At: row[3], Zone: row[4]}}
		if c.From, err = time.Parse(time.DateOnly, row[1]); err != nil {
			return nil, fmt.Errorf("cut-off of %s: %w", row[0], err)
		}
		if c.DaysBefore, err = strconv.Atoi(row[2]); err != nil {
			return nil, fmt.Errorf("cut-off of %s: %w", row[0], err)
		}
		byCurrency[row[0]] = append(byCurrency[row[0]], c)
	}
	return byCurrency, nil
}
