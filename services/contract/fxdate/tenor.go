package fxdate

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is the unit of a tenor.
type Unit int

// The units. The first four are counted from the trade date, the others from the spot date.
const (
	Today        Unit = iota // TOD: the trade date
	Tomorrow                 // TOM: the business day after the trade date
	Overnight                // ON: from the trade date to the business day after it
	TomorrowNext             // TN: from the business day after the trade date to spot
	Spot
	SpotNext // SN: from spot to the business day after it
	Days
	Weeks
	Months
	IMM // the n-th third Wednesday of March, June, September or December after spot
)

// Tenor is a standard period, given by its market name: TOD, TOM, ON, TN, SPOT, SN, 3D, 2W, 6M, 1Y, IMM, IMM2.
type Tenor struct {
	Unit  Unit
	Count int // number of days, weeks, months (a year is 12) or IMM dates; 0 for the other units
	name  string
}

// MaxCount is the largest Count that ParseTenor accepts, in every unit (520 weeks are ten years). The bound keeps date
// arithmetic in range.
const MaxCount = 520

// ParseTenor parses a tenor's market name in upper case. The error lists the names that ParseTenor accepts.
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

// Years returns the tenor of n years. n is 1 to 43.
func Years(n int) Tenor { return Tenor{Unit: Months, Count: 12 * n, name: strconv.Itoa(n) + "Y"} }

// Length returns about how many calendar days the tenor counts from where it starts; 0 for one that counts none.
func (t Tenor) Length() int {
	switch t.Unit {
	case Overnight, TomorrowNext, SpotNext:
		return 1
	case Days:
		return t.Count
	case Weeks:
		return 7 * t.Count
	case Months:
		return 30*t.Count + t.Count/12*5 // a year has 365
	case IMM:
		return 91 * t.Count
	default:
		return 0
	}
}

// IsZero reports whether t is no tenor at all.
func (t Tenor) IsZero() bool { return t.name == "" }

// String returns the name that was parsed.
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
	if err != nil || count < 1 || count*factor > MaxCount || digits[0] == '+' {
		return Tenor{}, unknown(text)
	}
	return Tenor{Unit: u, Count: count * factor, name: text}, nil
}

func unknown(text string) error {
	return fmt.Errorf("tenor %q is not one of TOD, TOM, ON, TN, SPOT, SN, nD, nW, nM, nY, IMM, IMMn", text)
}
