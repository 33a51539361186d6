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
		"": "2026-11-23", "SPOT": "2026-11-23", "SP": "2026-11-23", "TOD": "2026-11-19", "TODAY": "2026-11-19",
		"ON": "2026-11-20", "TOM": "2026-11-20", "ND": "2026-11-20", "TN": "2026-11-23", "SN": "2026-11-24",
		"1W": "2026-11-30", "5D": "2026-11-30", "1M": "2026-12-23", "3M": "2027-02-23", "1Y": "2027-11-23",
	} {
		mustMean(t, "2026-11-19", "2026-11-23", tenor, want)
	}
	for _, tenor := range []string{"M", "0M", "-1M", "100Y", "1Q", "M1", "€", "spot", "IMM0"} {
		if got, err := ValueDate(trade, spot, tenor); err == nil {
			t.Errorf("%q was read as %s", tenor, got)
		}
	}
}

// Trading and linecheck must accept the same tenors. Before they shared one rule, linecheck refused some that trading
// accepts, accepted some that trading refuses, and counted months beyond the end of a month.
func TestTenorsAreThoseThatTradingTakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, trade, spot, tenor, want string }{
		{"refused before: IMM", "2026-11-19", "2026-11-23", "IMM", "2026-12-16"},
		{"refused before: IMM after this quarter's", "2026-12-17", "2026-12-21", "IMM", "2027-03-17"},
		{"refused before: IMM on the IMM date is the next one", "2026-12-14", "2026-12-16", "IMM", "2027-03-17"},
		{"refused before: a later IMM", "2026-11-19", "2026-11-23", "IMM2", "2027-03-17"},
		{"refused before: IMM of the third year", "2026-11-19", "2026-11-23", "IMM9", "2028-12-20"},
		{"refused before: more than 99 days", "2026-11-19", "2026-11-23", "100D", "2027-03-03"},
		{"refused before: more than 99 weeks", "2026-11-19", "2026-11-23", "104W", "2028-11-20"},
		{"refused before: more than 99 months", "2026-11-19", "2026-11-23", "120M", "2036-11-24"},
		{"as before: the month ends on a Saturday", "2026-01-28", "2026-01-30", "1M", "2026-03-02"},
		{"counted to 2 March before", "2027-12-29", "2027-12-31", "2M", "2028-02-29"},
		{"counted to 1 July before", "2026-03-27", "2026-03-31", "3M", "2026-06-30"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			mustMean(t, c.trade, c.spot, c.tenor, c.want)
		})
	}
	for _, takenBefore := range []string{"44Y", "99Y", "+1M"} {
		if got, err := ValueDate(day("2026-11-19"), day("2026-11-23"), takenBefore); err == nil {
			t.Errorf("%q was read as %s", takenBefore, got)
		}
	}
}

func mustMean(t *testing.T, trade, spot, tenor, want string) {
	t.Helper()
	if got, err := ValueDate(day(trade), day(spot), tenor); err != nil || !got.Equal(day(want)) {
		t.Errorf("%q: %s, %v; want %s", tenor, got, err, want)
	}
}
