package fxdate_test

import (
	"testing"

	"fxcore/services/contract/fxdate"
)

func TestTenorsByTheirMarketNames(t *testing.T) {
	for text, want := range map[string]struct {
		unit  fxdate.Unit
		count int
	}{
		"TOD": {fxdate.Today, 0}, "TODAY": {fxdate.Today, 0}, "TOM": {fxdate.Tomorrow, 0}, "ND": {fxdate.Tomorrow, 0},
		"ON": {fxdate.Overnight, 0}, "TN": {fxdate.TomorrowNext, 0}, "SPOT": {fxdate.Spot, 0}, "SP": {fxdate.Spot, 0},
		"SN": {fxdate.SpotNext, 0}, "3D": {fxdate.Days, 3}, "2W": {fxdate.Weeks, 2}, "6M": {fxdate.Months, 6},
		"5Y": {fxdate.Months, 60}, "IMM": {fxdate.IMM, 1}, "IMM2": {fxdate.IMM, 2}, "520W": {fxdate.Weeks, 520},
	} {
		got, err := fxdate.ParseTenor(text)
		if err != nil || got.Unit != want.unit || got.Count != want.count || got.String() != text {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "spot", "0D", "-1M", "+1M", "521W", "44Y", "M", "1", "1Q", "IMM0", "IMMx", "0M", "1 M", "1.5M", "1m", "1X", "IMM-1", "SPOTS", "é", "99999999999999999999D"} {
		if got, err := fxdate.ParseTenor(text); err == nil {
			t.Errorf("%q was taken for %+v", text, got)
		}
	}
}
