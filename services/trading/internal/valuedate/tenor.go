package valuedate

import (
	"fmt"
	"strconv"
	"strings"
)

// unit is what a tenor counts.
type unit int

const (
	today    unit = iota // TOD: the trade date
	tomorrow             // TOM: the business day after it
	overnight
	tomorrowNext
	spot
	spotNext
	days
	weeks
	months
	imm // the n-th third Wednesday of March, June, September or December after spot
)

// Tenor is a standard period, by its market name: TOD, TOM, ON, TN, SPOT, SN, 3D, 2W, 6M, 1Y, IMM, IMM2.
type Tenor struct {
	unit  unit
	count int
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
		return counted(text, count, imm, 1)
	}
	if text == "" {
		return Tenor{}, unknown(text)
	}
	count, suffix := text[:len(text)-1], text[len(text)-1]
	switch suffix {
	case 'D':
		return counted(text, count, days, 1)
	case 'W':
		return counted(text, count, weeks, 1)
	case 'M':
		return counted(text, count, months, 1)
	case 'Y':
		return counted(text, count, months, 12)
	}
	return Tenor{}, unknown(text)
}

// String returns the name as it was given.
func (t Tenor) String() string { return t.name }

// IsSpot tells whether the tenor is the spot date itself.
func (t Tenor) IsSpot() bool { return t.unit == spot }

func named(text string) (Tenor, bool) {
	switch text {
	case "TOD", "TODAY":
		return Tenor{unit: today}, true
	case "TOM", "ND":
		return Tenor{unit: tomorrow}, true
	case "ON":
		return Tenor{unit: overnight}, true
	case "TN":
		return Tenor{unit: tomorrowNext}, true
	case "SPOT", "SP":
		return Tenor{unit: spot}, true
	case "SN":
		return Tenor{unit: spotNext}, true
	case "IMM":
		return Tenor{unit: imm, count: 1}, true
	}
	return Tenor{}, false
}

func counted(text, digits string, u unit, factor int) (Tenor, error) {
	count, err := strconv.Atoi(digits)
	if err != nil || count < 1 || count*factor > maxCount || digits[0] == '+' {
		return Tenor{}, unknown(text)
	}
	return Tenor{unit: u, count: count * factor, name: text}, nil
}

func unknown(text string) error {
	return fmt.Errorf("tenor %q is not one of TOD, TOM, ON, TN, SPOT, SN, nD, nW, nM, nY, IMM, IMMn", text)
}
