package directory

import "strconv"

// Lengths of the tenors in the former form of a line, which had its longest tenor in days.
const (
	daysPerWeek    = 7
	monthsInDays   = 48 // four years
	daysOfTheMonth = 1461
)

// formerTenor returns the longest tenor that is within so many days; "" for 0, which is no limit. It never returns a longer one:
// a set in the former form stays in Redis until the mainframe changes it, and its limits hold as long.
func formerTenor(days int) string {
	switch months := days * monthsInDays / daysOfTheMonth; {
	case days <= 0:
		return ""
	case months > 0:
		return strconv.Itoa(months) + "M"
	case days >= daysPerWeek:
		return strconv.Itoa(days/daysPerWeek) + "W"
	}
	return "SPOT"
}
