package dialect

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestDecimalForms(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "0001": "1", "1.50": "1.5", "0": "0", "0.00": "0", "-0": "0", "-1.20": "-1.2", "23.": "23", ".23": "0.23",
		"999999999999999": "999999999999999", "0.0000000001": "0.0000000001",
	} {
		if got, bad := parseDecimal([]byte(text)); bad != decimalFine || got != want {
			t.Errorf("%q: %q (%d), want %q", text, got, bad, want)
		}
	}
	for text, want := range map[string]decimalFault{
		"": decimalFormat, "-": decimalFormat, ".": decimalFormat, "+1": decimalFormat, "1e5": decimalFormat, "1E5": decimalFormat,
		"0x1F": decimalFormat, "NaN": decimalFormat, "Inf": decimalFormat, "1,000": decimalFormat, "1.2.3": decimalFormat,
		" 1": decimalFormat, "1_000": decimalFormat, "--1": decimalFormat, "١": decimalFormat,
		"1000000000000001": decimalRange, "0.00000000001": decimalRange, "1234567890.1234567": decimalRange,
		"000000000000000000000000000000001": decimalRange,
	} {
		if got, bad := parseDecimal([]byte(text)); bad != want {
			t.Errorf("%q: %q (%d), want fault %d", text, got, bad, want)
		}
	}
}

// Law: what is read equals what was written, and equal numbers are equal texts.
func TestDecimalKeepsTheValueAndHasOneForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?0{0,3}[0-9]{1,9}(\.[0-9]{0,6})?`).Draw(t, "number")
		got, bad := parseDecimal([]byte(text))
		if bad != decimalFine {
			t.Fatalf("%q refused", text)
		}
		want := decimal.RequireFromString(text)
		if !decimal.RequireFromString(got).Equal(want) {
			t.Fatalf("%q read as %q", text, got)
		}
		if got != want.String() {
			t.Fatalf("%q: form %q, want %q", text, got, want)
		}
	})
}
