package dialect

// An answer has only what the standard dictionary of its version takes: FIX44.xml, or FIXT11.xml with FIX50SP2.xml, as QuickFIX
// ships them. A provider that reads answers with those, and validates, must not refuse a fill. What foreign exchange has
// beyond them stands in the answers of a provider whose dialect says so. (UDG and DG are additions as a whole: no standard
// dictionary of QuickFIX has them.)

// agreed is what a provider takes beyond the version's standard.
type agreed struct {
	extensions bool // values and fields, see variation.Variation
	tenors     bool // codes of tenors in SettlType(63) and LegSettlType(587)
}

// agreedOn returns the session with what its dialect says.
func (d *Dialect) agreedOn(s Session) Session {
	s.agreed = agreed{extensions: d.variation.Extensions, tenors: d.variation.Extensions || len(d.variation.Tenors) > 0}
	return s
}

// settlType returns SettlType for an answer to a request that had sent. dated says that the value date stands beside it. Then a
// value that the version does not have becomes that of a date: 6 (Future) in FIX 4.4, B (broken date) in 5.0SP2.
func (s Session) settlType(sent string, dated bool) string {
	switch {
	case sent == "" || s.agreed.tenors || s.hasSettlType(sent):
		return sent
	case !dated:
		return ""
	case s.fix44():
		return "6"
	}
	return "B"
}

func (s Session) hasSettlType(value string) bool {
	if len(value) != 1 {
		return false
	}
	return value[0] >= '0' && value[0] <= '9' || !s.fix44() && (value == "B" || value == "C")
}
