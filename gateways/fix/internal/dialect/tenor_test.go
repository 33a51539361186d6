package dialect

import (
	"testing"

	"fxcore/services/contract/fxdate"
)

// What SettlType becomes is a tenor that the whole core reads, and means the same there.
func TestSettlTypesBecomeTenorsOfTheContract(t *testing.T) {
	t.Parallel()
	for settlType, want := range map[string]struct {
		unit  fxdate.Unit
		count int
	}{
		"0": {fxdate.Spot, 0}, "1": {fxdate.Today, 0}, "2": {fxdate.Tomorrow, 0}, "C": {fxdate.SpotNext, 0},
		"D3": {fxdate.Days, 3}, "W2": {fxdate.Weeks, 2}, "M6": {fxdate.Months, 6}, "Y1": {fxdate.Months, 12},
	} {
		name, broken, ok := tenor([]byte(settlType))
		got, err := fxdate.ParseTenor(name)
		if broken || !ok || err != nil || got.Unit != want.unit || got.Count != want.count {
			t.Errorf("SettlType %s: %q, %+v, %v", settlType, name, got, err)
		}
	}
}
