package copybook

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// What can be wrong with a record. A *FieldError wraps one of these.
var (
	ErrLength    = errors.New("wrong length")
	ErrPicture   = errors.New("unusable picture")
	ErrCharacter = errors.New("not a character of code page 1140")
	ErrTooLong   = errors.New("does not fit")
	ErrDigit     = errors.New("not a decimal digit")
	ErrSign      = errors.New("not a sign")
	ErrAbsent    = errors.New("absent")
	ErrPrecision = errors.New("more decimals than the picture")
	ErrTime      = errors.New("not a date or time")
	ErrFlag      = errors.New("neither Y nor N")
)

// maxDigits is COBOL's bound for a number, and an int64 holds as many.
const maxDigits = 18

// picture is a parsed PIC clause.
type picture struct {
	text   bool // X(n); otherwise numeric
	length int  // of text
	signed bool
	digits int // of a number, in all
	scale  int // of them behind the implied point
	packed bool
}

// compile chooses the form of a field by its Go type and its picture.
func compile(f reflect.StructField, page *page) (codec, int, error) {
	pic, err := parsePicture(f.Tag.Get("pic"))
	if err != nil {
		return nil, 0, err
	}
	width := pic.width()
	switch {
	case f.Name == "_" && pic.text:
		return filler{}, width, nil
	case !f.IsExported():
		return nil, 0, fmt.Errorf("%w: the field is not exported", ErrPicture)
	case f.Type.Kind() == reflect.String && pic.text:
		return text{page}, width, nil
	case f.Type.Kind() == reflect.Int && !pic.text && !pic.packed && !pic.signed && pic.scale == 0:
		return count{}, width, nil
	case f.Type.Kind() == reflect.Bool && pic.text && width == 1:
		return flag{}, width, nil
	case f.Type == reflect.TypeFor[time.Time]():
		return compileTime(pic)
	case f.Type == reflect.TypeFor[decimal.Decimal]() && !pic.text:
		return number{pic}, width, nil
	case f.Type == reflect.TypeFor[decimal.NullDecimal]() && !pic.text:
		return optional{number{pic}}, width, nil
	}
	return nil, 0, fmt.Errorf("%w %q for %s", ErrPicture, f.Tag.Get("pic"), f.Type)
}

func compileTime(pic picture) (codec, int, error) {
	switch {
	case !pic.text && !pic.packed && !pic.signed && pic.digits == 8 && pic.scale == 0:
		return instant{dateForm}, 8, nil
	case pic.text && pic.length == len(timestampForm):
		return instant{timestampForm}, len(timestampForm), nil
	}
	return nil, 0, fmt.Errorf("%w: a time is 9(8) or X(26)", ErrPicture)
}

// parsePicture reads "X(n)", "9(n)", "S9(n)V9(m)" and these with " COMP-3".
func parsePicture(clause string) (picture, error) {
	m := regexp.MustCompile(`^(?:X\((\d+)\)|(S?)9\((\d+)\)(?:V9\((\d+)\))?( COMP-3)?)$`).FindStringSubmatch(clause)
	if m == nil {
		return picture{}, fmt.Errorf("%w %q", ErrPicture, clause)
	}
	if m[1] != "" {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > 1<<12 {
			return picture{}, fmt.Errorf("%w %q: length", ErrPicture, clause)
		}
		return picture{text: true, length: n}, nil
	}
	whole, _ := strconv.Atoi(m[3]) // out of range gives the largest int, caught below
	scale, _ := strconv.Atoi(m[4]) // empty is 0
	if whole > maxDigits || scale > maxDigits || whole+scale < 1 || whole+scale > maxDigits {
		return picture{}, fmt.Errorf("%w %q: 1 to %d digits", ErrPicture, clause, maxDigits)
	}
	return picture{signed: m[2] == "S", digits: whole + scale, scale: scale, packed: m[5] != ""}, nil
}

// width is the number of bytes: a packed number holds two digits a byte and its sign in the last half byte.
func (p picture) width() int {
	switch {
	case p.text:
		return p.length
	case p.packed:
		return p.digits/2 + 1
	}
	return p.digits
}
