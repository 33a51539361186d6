package dialect

// maxTenorDigits bounds the count in Dx, Wx, Mx, Yx.
const maxTenorDigits = 3

// tenor translates SettlType(63) into the core's tenor: SPOT, TOD, TOM, SN, 3D, 1W, 6M, 2Y; empty for a broken date,
// which its date alone tells. D, W, M, Y count calendar periods (FIX 5.0SP2, SettlType). Not ok: a value that has no
// meaning in FX here (T+2 to T+5, when issued, seller's option).
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
