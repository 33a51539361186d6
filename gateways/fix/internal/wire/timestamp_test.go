package wire_test

import (
	"testing"

	"fxcore/gateways/fix/internal/wire"
)

// FIX EP206 allows up to picoseconds; the data type UTCTimestamp allows the leap second; the decimal mark is a point.
func TestTimestampsHaveAnyNumberOfDecimals(t *testing.T) {
	for text, want := range map[string]string{
		"20261124-12:00:00":                    "20261124-12:00:00.000000",
		"20261124-12:00:00.1":                  "20261124-12:00:00.100000",
		"20261124-12:00:00.123":                "20261124-12:00:00.123000",
		"20261124-12:00:00.1234567":            "20261124-12:00:00.123456",
		"20261124-12:00:00.123456789012":       "20261124-12:00:00.123456",
		"20261124-12:00:00.999999999999999999": "20261124-12:00:00.999999",
		"20161231-23:59:60":                    "20161231-23:59:59.999999",
		"20161231-23:59:60.5":                  "20161231-23:59:59.999999",
		"20261124-12:00:00,123":                "",
		"20261124-12:00:00.":                   "",
		"20261124-12:00:00.12x":                "",
		"20261124-12:00:00Z":                   "",
		"20261124-12:00:61":                    "",
		"20261124-12:60:00":                    "",
		"20261124-24:00:00":                    "",
		"20261131-12:00:00":                    "",
		"20261124 12:00:00":                    "",
		"20261124-12:00":                       "",
		"":                                     "",
	} {
		at, ok := wire.UTCTimestamp([]byte(text))
		got := ""
		if ok {
			got = string(wire.AppendTimestamp(nil, at))
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
