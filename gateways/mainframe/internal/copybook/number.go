package copybook

import (
	"fmt"
	"reflect"

	"github.com/shopspring/decimal"
)

// number is a decimal, zoned or packed.
type number struct{ pic picture }

func (c number) decode(from []byte, into reflect.Value) error {
	if isBlank(from) {
		return ErrAbsent
	}
	d, err := c.read(from)
	if err != nil {
		return err
	}
	*into.Addr().Interface().(*decimal.Decimal) = d
	return nil
}

func (c number) encode(into []byte, from reflect.Value) error {
	return c.write(into, *from.Addr().Interface().(*decimal.Decimal))
}

func (c number) read(from []byte) (decimal.Decimal, error) {
	var n int64
	var err error
	if c.pic.packed {
		n, err = packed(from, c.pic.digits, c.pic.signed)
	} else {
		n, err = zoned(from, c.pic.signed)
	}
	return decimal.New(n, -int32(c.pic.scale)), err
}

func (c number) write(into []byte, d decimal.Decimal) error {
	n, err := c.pic.scaled(d)
	if err != nil {
		return err
	}
	if c.pic.packed {
		return putPacked(into, n, c.pic.digits, c.pic.signed)
	}
	return putZoned(into, n, c.pic.signed)
}

// scaled returns d as a whole number of the picture's last decimal. It never rounds.
func (p picture) scaled(d decimal.Decimal) (int64, error) {
	switch {
	case d.IsZero():
		return 0, nil
	case d.IsNegative() && !p.signed:
		return 0, fmt.Errorf("%w: %s is negative, the picture has no sign", ErrSign, d)
	case d.NumDigits()+int(d.Exponent()) > p.digits-p.scale:
		return 0, fmt.Errorf("%w: a number of %d digits before its point, %d allowed", ErrTooLong,
			d.NumDigits()+int(d.Exponent()), p.digits-p.scale)
	case d.Exponent() < -64:
		return 0, fmt.Errorf("%w: %d decimals", ErrPrecision, -d.Exponent())
	}
	shifted := d.Shift(int32(p.scale))
	if !shifted.IsInteger() {
		return 0, fmt.Errorf("%w: %s has more than %d", ErrPrecision, d, p.scale)
	}
	return shifted.IntPart(), nil
}

// optional is a number that may be absent.
type optional struct{ number }

func (c optional) decode(from []byte, into reflect.Value) error {
	if isBlank(from) {
		into.SetZero()
		return nil
	}
	d, err := c.read(from)
	if err != nil {
		return err
	}
	*into.Addr().Interface().(*decimal.NullDecimal) = decimal.NewNullDecimal(d)
	return nil
}

func (c optional) encode(into []byte, from reflect.Value) error {
	d := from.Addr().Interface().(*decimal.NullDecimal)
	if !d.Valid {
		blank(into)
		return nil
	}
	return c.write(into, d.Decimal)
}

// count is an int of zoned digits.
type count struct{}

func (count) decode(from []byte, into reflect.Value) error {
	if isBlank(from) {
		return ErrAbsent
	}
	n, err := zoned(from, false)
	if err != nil {
		return err
	}
	into.SetInt(n)
	return nil
}

func (count) encode(into []byte, from reflect.Value) error {
	if from.Int() < 0 {
		return fmt.Errorf("%w: %d is negative, the picture has no sign", ErrSign, from.Int())
	}
	return putZoned(into, from.Int(), false)
}
