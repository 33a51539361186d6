package line

import "testing"

func TestValueDateOfATenor(t *testing.T) {
	t.Parallel()
	trade := day("2026-11-19") // a Thursday
	spot := SpotDate(trade, 2)
	if !spot.Equal(day("2026-11-23")) {
		t.Fatalf("spot %s, want Monday", spot)
	}
	for tenor, want := range map[string]string{
		"": "2026-11-23", "SPOT": "2026-11-23", "TOD": "2026-11-19", "ON": "2026-11-20", "TOM": "2026-11-20",
		"TN": "2026-11-23", "SN": "2026-11-24", "1W": "2026-11-30", "5D": "2026-11-30", "1M": "2026-12-23", "3M": "2027-02-23", "1Y": "2027-11-23",
	} {
		got, err := ValueDate(trade, spot, tenor)
		if err != nil || !got.Equal(day(want)) {
			t.Errorf("%q: %s, %v; want %s", tenor, got, err, want)
		}
	}
	for _, tenor := range []string{"M", "0M", "-1M", "100Y", "1Q", "M1", "€"} {
		if got, err := ValueDate(trade, spot, tenor); err == nil {
			t.Errorf("%q was read as %s", tenor, got)
		}
	}
}
