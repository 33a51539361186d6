package dialect

// maxTenorDigits bounds the count in Dx, Wx, Mx, Yx.
const maxTenorDigits = 3

// tenor translates SettlType(63) into the core's tenor: SPOT, TOD, TOM, SN, 3D, 1W, 6M, 2Y. D, W, M and Y count calendar periods
// (FIX 5.0SP2, SettlType). broken means a broken date: there is no tenor, and the message must name the date. ok is false for
// a value that is not used in FX here (T+2 to T+5, when issued, seller's option).
func tenor(settlType []byte) (t string, broken, ok bool) {
	if len(settlType) == 1 {
		switch settlType[0] {
		case '0':
			return "SPOT", false, true
		case '1':
			return "TOD", false, true
		case '2':
			return "TOM", false, true
		case 'C':
			return "SN", false, true
		case 'B':
			return "", true, true
		}
		return "", false, false
	}
	return period(settlType)
}

func period(settlType []byte) (t string, broken, ok bool) {
	if len(settlType) < 2 || len(settlType) > 1+maxTenorDigits {
		return "", false, false
	}
	unit, count := settlType[0], settlType[1:]
	if unit != 'D' && unit != 'W' && unit != 'M' && unit != 'Y' {
		return "", false, false
	}
	if !allDigits(count) || count[0] == '0' {
		return "", false, false
	}
	return string(count) + string(unit), false, true
}
