package dialect

import "github.com/quickfixgo/quickfix"

// settlement is when a leg settles, as sent: exactly one of tenor and date is set.
type settlement struct {
	tenor, date   string
	sent          string // SettlType as sent
	spot          bool   // said to be spot, or nothing said at all
	otherThanSpot bool   // said to be anything but spot
}

// settlement reads a tenor and a value date; the date stands above the tenor (FIX, SettlDate), and neither means spot.
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
		r.refuse(outOfRange(typeTag, "0, 1, 2, B, C, or D, W, M, Y and a count"))
		return settlement{}
	case broken && date == "":
		r.needHere(dateTag)
		return settlement{}
	}
	s := settlement{tenor: name, date: date, sent: string(sent), spot: name == "SPOT", otherThanSpot: name != "SPOT"}
	if date != "" {
		s.tenor = ""
	}
	return s
}
