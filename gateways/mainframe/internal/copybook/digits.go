package copybook

import "fmt"

// Signs in the last half byte. C and D are what a signed field holds, F an unsigned one; a host also sends F for plus.
const (
	plus     = 0xc
	minus    = 0xd
	unsigned = 0xf
)

// putZoned writes n as digits in EBCDIC, one a byte; the upper half of the last byte is the sign (overpunch).
func putZoned(into []byte, n int64, signed bool) error {
	sign, rest := signOf(n, signed)
	for i := len(into) - 1; i >= 0; i-- {
		into[i] = 0xf0 | byte(rest%10)
		rest /= 10
	}
	if rest != 0 {
		return fmt.Errorf("%w: %d in %d digits", ErrTooLong, n, len(into))
	}
	last := &into[len(into)-1]
	*last = *last&0x0f | sign<<4
	return nil
}

// zoned reads what putZoned writes.
func zoned(from []byte, signed bool) (int64, error) {
	var n int64
	last := len(from) - 1
	for i, b := range from {
		if b&0x0f > 9 || i < last && b>>4 != 0xf {
			return 0, fmt.Errorf("%w: byte %d is %#02x", ErrDigit, i, b)
		}
		n = n*10 + int64(b&0x0f)
	}
	return withSign(n, from[last]>>4, signed)
}

// putPacked writes n as COMP-3: two digits a byte, the sign in the last half byte, a leading zero where needed.
func putPacked(into []byte, n int64, digits int, signed bool) error {
	sign, rest := signOf(n, signed)
	last := len(into) - 1
	into[last] = byte(rest%10)<<4 | sign
	rest /= 10
	for i := last - 1; i >= 0; i-- {
		into[i] = byte(rest/10%10)<<4 | byte(rest%10)
		rest /= 100
	}
	if rest != 0 || digits%2 == 0 && into[0]>>4 != 0 {
		return fmt.Errorf("%w: %d in %d digits", ErrTooLong, n, digits)
	}
	return nil
}

// packed reads what putPacked writes.
func packed(from []byte, digits int, signed bool) (int64, error) {
	var n int64
	last := len(from) - 1
	for i, b := range from {
		if b>>4 > 9 || i < last && b&0x0f > 9 {
			return 0, fmt.Errorf("%w: byte %d is %#02x", ErrDigit, i, b)
		}
		n = n*10 + int64(b>>4)
		if i < last {
			n = n*10 + int64(b&0x0f)
		}
	}
	if digits%2 == 0 && from[0]>>4 != 0 {
		return 0, fmt.Errorf("%w: the unused half of byte 0 is not 0", ErrDigit)
	}
	return withSign(n, from[last]&0x0f, signed)
}

func signOf(n int64, signed bool) (sign byte, magnitude uint64) {
	switch {
	case !signed:
		return unsigned, uint64(n) // never negative: checked by the caller
	case n < 0:
		return minus, uint64(-n)
	}
	return plus, uint64(n)
}

func withSign(n int64, sign byte, signed bool) (int64, error) {
	switch {
	case sign == unsigned, sign == plus && signed:
		return n, nil
	case sign == minus && signed:
		return -n, nil
	}
	return 0, fmt.Errorf("%w: %#x", ErrSign, sign)
}
