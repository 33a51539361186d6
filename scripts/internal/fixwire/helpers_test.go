package fixwire_test

import (
	"strconv"

	"fxcore/scripts/internal/fixwire"
)

func fixwireField(dst []byte, field fixwire.Field) []byte {
	dst = strconv.AppendInt(dst, int64(field.Tag), 10)
	dst = append(dst, '=')
	return append(dst, field.Value...)
}
