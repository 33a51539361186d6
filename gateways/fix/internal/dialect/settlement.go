package dialect

import (
	"strconv"

	"github.com/quickfixgo/quickfix"
)

// settlement is when a leg settles. Exactly one of tenor and date is set.
type settlement struct {
	tenor, date   string
	sent          string // SettlType as sent
	spot          bool   // the tenor is spot, or the message says nothing; beside a date it is the date that counts
	otherThanSpot bool   // the message names no date, and a tenor that is no pair's spot; today and tomorrow are that of some
}

// settlement reads a tenor and a value date. If both are there, the date counts (FIX, SettlDate). If neither is, it is spot.
func (r reader) settlement(typeTag, dateTag quickfix.Tag) settlement {
	date := r.date(dateTag)
	sent, ok := r.value(typeTag)
	if !ok {
		if date == "" {
			return settlement{tenor: "SPOT", spot: true}
		}
		return settlement{date: date}
	}
	name, broken, known := tenor(sent)
	switch {
	case !known:
		r.refuse(outOfRange(typeTag, "0, 1, 2, B, C, or D, W, M, Y and a count of 1 to 999"))
		return settlement{}
	case broken && date == "":
		r.needHere(dateTag)
		return settlement{}
	}
	s := settlement{tenor: name, date: date, sent: string(sent), spot: name == "SPOT"}
	s.otherThanSpot = date == "" && name != "SPOT" && name != "TOD" && name != "TOM"
	if date != "" {
		s.tenor = ""
	}
	return s
}

// sameDate refuses a message whose value date differs from the same date in another field, of the message or of its near leg.
func (r reader) sameDate(tag, other quickfix.Tag, of reader) {
	date, again := r.date(tag), of.date(other)
	if date != "" && again != "" && date != again {
		r.refuse(outOfRange(other, "differs from tag "+strconv.Itoa(int(tag))))
	}
}
