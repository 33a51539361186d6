package fxdate

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a tenor counts.
type Unit int

// The units. The first four begin on the trade date, the others on spot.
const (
	Today        Unit = iota // TOD: the trade date
	Tomorrow                 // TOM: the business day after it
	Overnight                // ON: from today to tomorrow
	TomorrowNext             // TN: from tomorrow to spot
	Spot
	SpotNext // SN: the business day after spot
	Days
	Weeks
	Months
	IMM // the n-th third Wednesday of March, June, September or December after spot
)

// Tenor is a standard period, by its market name: TOD, TOM, ON, TN, SPOT, SN, 3D, 2W, 6M, 1Y, IMM, IMM2.
type Tenor struct {
	Unit  Unit
	Count int // of days, weeks, months (a year is 12) or IMM dates; 0 for the other units
	name  string
}

// maxCount bounds what a period may count in each unit, ten years or so, so that no sum leaves the calendar.
const maxCount = 520

// ParseTenor reads a tenor's market name in upper case. The error names what is accepted.
func ParseTenor(text string) (Tenor, error) {
	if t, ok := named(text); ok {
		t.name = text
		return t, nil
	}
	if count, isIMM := strings.CutPrefix(text, "IMM"); isIMM {
		return counted(text, count, IMM, 1)
	}
	if text == "" {
		return Tenor{}, unknown(text)
	}
	count, suffix := text[:len(text)-1], text[len(text)-1]
	switch suffix {
	case 'D':
		return counted(text, count, Days, 1)
	case 'W':
		return counted(text, count, Weeks, 1)
	case 'M':
		return counted(text, count, Months, 1)
	case 'Y':
		return counted(text, count, Months, 12)
	}
	return Tenor{}, unknown(text)
}

// String returns the name as it was given.
func (t Tenor) String() string { return t.name }

func named(text string) (Tenor, bool) {
	switch text {
	case "TOD", "TODAY":
		return Tenor{Unit: Today}, true
	case "TOM", "ND":
		return Tenor{Unit: Tomorrow}, true
	case "ON":
		return Tenor{Unit: Overnight}, true
	case "TN":
		return Tenor{Unit: TomorrowNext}, true
	case "SPOT", "SP":
		return Tenor{Unit: Spot}, true
	case "SN":
		return Tenor{Unit: SpotNext}, true
	case "IMM":
		return Tenor{Unit: IMM, Count: 1}, true
	}
	return Tenor{}, false
}

func counted(text, digits string, u Unit, factor int) (Tenor, error) {
	count, err := strconv.Atoi(digits)
	if err != nil || count < 1 || count*factor > maxCount || digits[0] == '+' {
		return Tenor{}, unknown(text)
	}
	return Tenor{Unit: u, Count: count * factor, name: text}, nil
}

func unknown(text string) error {
	return fmt.Errorf("tenor %q is not one of TOD, TOM, ON, TN, SPOT, SN, nD, nW, nM, nY, IMM, IMMn", text)
}
