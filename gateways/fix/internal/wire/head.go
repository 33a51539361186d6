package wire

// beginning is how every message of every version begins: BeginString(8), "FIX.4.4" or "FIXT.1.1".
const beginning = "8=FIX"

type headState int

const (
	needMore headState = iota
	complete
	broken
)

const (
	maxBeginString = 12 // bytes of "8=FIXT.1.1" and some
	maxLengthText  = 9  // digits of BodyLength
)

// parseHead reads "8=FIX…|9=n|" and checks that "35=" follows. It returns the length of the whole message. Its result depends
// only on the bytes of the head, not on how many bytes follow.
func parseHead(b []byte) (size int, state headState) {
	if state = expect(b, 0, beginning); state != complete {
		return 0, state
	}
	at := len(beginning)
	for ; ; at++ {
		if at > maxBeginString {
			return 0, broken
		}
		if at >= len(b) {
			return 0, needMore
		}
		if b[at] == soh {
			break
		}
	}
	at++
	if state = expect(b, at, "9="); state != complete {
		return 0, state
	}
	length, at, state := number(b, at+2)
	if state != complete {
		return 0, state
	}
	if state = expect(b, at, "35="); state != complete {
		return 0, state
	}
	size = at + length + trailerSize
	if length < len("35=0|") || size > hardLimit {
		return 0, broken
	}
	return size, complete
}

func expect(b []byte, at int, text string) headState {
	for i := range len(text) {
		if at+i >= len(b) {
			return needMore
		}
		if b[at+i] != text[i] {
			return broken
		}
	}
	return complete
}

// number reads digits up to a SOH. It returns the position after the SOH.
func number(b []byte, at int) (n, next int, state headState) {
	for i := 0; ; i++ {
		if at+i >= len(b) {
			return 0, 0, needMore
		}
		switch d := b[at+i]; {
		case d == soh && i > 0:
			return n, at + i + 1, complete
		case d < '0' || d > '9' || i == maxLengthText:
			return 0, 0, broken
		default:
			n = n*10 + int(d-'0')
		}
	}
}
