package line

import (
	"fmt"
	"strconv"
	"time"
)

// A check of a line may come with a tenor instead of a value date. No calendar is asked then: the day is the one that
// the exposure is counted on until the trade itself brings its exact date, a day or two apart at most.

// SpotDate is the lag-th weekday after the trade date.
func SpotDate(tradeDate time.Time, lag int) time.Time {
	d := tradeDate
	for range lag {
		d = weekday(d.AddDate(0, 0, 1))
	}
	return d
}

// ValueDate is the day that a tenor means: TOD, TOM, ON and TN from the trade date, all others (SPOT, SN, 1W, 3M, 2Y)
// from spot, moved to the next weekday.
func ValueDate(tradeDate, spot time.Time, tenor string) (time.Time, error) {
	switch tenor {
	case "TOD", "TODAY":
		return tradeDate, nil
	case "TOM", "ND", "ON":
		return weekday(tradeDate.AddDate(0, 0, 1)), nil
	case "", "SP", "SPOT", "TN":
		return spot, nil
	case "SN":
		return weekday(spot.AddDate(0, 0, 1)), nil
	}
	n, err := strconv.Atoi(tenor[:len(tenor)-1])
	if err != nil || n < 1 || n > 99 {
		return time.Time{}, fmt.Errorf("tenor %q is not known", tenor)
	}
	switch tenor[len(tenor)-1] {
	case 'D':
		return weekday(spot.AddDate(0, 0, n)), nil
	case 'W':
		return weekday(spot.AddDate(0, 0, 7*n)), nil
	case 'M':
		return weekday(spot.AddDate(0, n, 0)), nil
	case 'Y':
		return weekday(spot.AddDate(n, 0, 0)), nil
	}
	return time.Time{}, fmt.Errorf("tenor %q is not known", tenor)
}

func weekday(d time.Time) time.Time {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, 1)
	}
	return d
}
