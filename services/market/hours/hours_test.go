package hours_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/hours"
	"fxcore/services/market/realdata"
)

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse("2006-01-02 15:04Z", text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestTradeDateRollsByThePair(t *testing.T) {
	newYork := hours.NewRolls()
	auckland := hours.NewRolls(hours.Roll{At: realdata.TimeOfDay(t, "07:00", "Pacific/Auckland")})
	riyadh := hours.NewRolls(hours.Roll{At: realdata.TimeOfDay(t, "12:00", "Asia/Riyadh")})
	changed := hours.NewRolls(
		hours.Roll{From: realdata.Date(t, "2026-11-18"), At: realdata.TimeOfDay(t, "07:00", "Pacific/Auckland")}, hours.Roll{At: realdata.TimeOfDay(t, "17:00", "America/New_York")})
	cases := []struct {
		rule  string
		rolls hours.Rolls
		at    string
		want  string
	}{
		{"before 17:00 in New York", newYork, "2026-11-17 21:59Z", "2026-11-17"},
		{"17:00 in New York", newYork, "2026-11-17 22:00Z", "2026-11-18"},
		{"17:00 in New York in summer", newYork, "2026-07-14 21:00Z", "2026-07-15"},
		{"Friday evening belongs to Monday", newYork, "2026-11-20 22:00Z", "2026-11-23"},
		{"Saturday belongs to Monday", newYork, "2026-11-21 12:00Z", "2026-11-23"},
		{"NZD/USD before 07:00 in Auckland", auckland, "2026-11-17 17:59Z", "2026-11-17"},
		{"NZD/USD rolls at 07:00 in Auckland", auckland, "2026-11-17 18:00Z", "2026-11-18"},
		{"NZD/USD in Auckland's winter", auckland, "2026-07-14 19:00Z", "2026-07-15"},
		{"NZD/USD on Saturday morning in Auckland", auckland, "2026-11-20 18:00Z", "2026-11-23"},
		{"NZD/USD before Monday's roll", auckland, "2026-11-22 12:00Z", "2026-11-23"},
		{"USD/SAR before noon in Riyadh", riyadh, "2026-11-17 08:59Z", "2026-11-17"},
		{"USD/SAR rolls at noon in Riyadh", riyadh, "2026-11-17 09:00Z", "2026-11-18"},
		{"a roll holds from its date on", changed, "2026-11-16 19:00Z", "2026-11-16"},
		{"and replaces the one before", changed, "2026-11-17 19:00Z", "2026-11-18"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			if got := c.rolls.TradeDate(instant(t, c.at)); got.String() != c.want {
				t.Errorf("at %s: %s, want %s", c.at, got, c.want)
			}
		})
	}
}

// The usual roll is the one by which the programs' ids are dated.
func TestTheUsualRollIsTheContracts(t *testing.T) {
	usual, contract := hours.NewRolls(), fxdate.NewRollover()
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(1_500_000_000, 2_500_000_000).Draw(t, "instant"), 0)
		if got, want := usual.TradeDate(moment), contract.TradeDate(moment); got != want {
			t.Fatalf("at %s: %s, want %s", moment.UTC(), got, want)
		}
	})
}

func TestTradeDatesNeverGoBack(t *testing.T) {
	auckland := hours.NewRolls(hours.Roll{At: realdata.TimeOfDay(t, "07:00", "Pacific/Auckland")})
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(1_500_000_000, 2_500_000_000).Draw(t, "instant"), 0)
		later := moment.Add(time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "later")))
		if auckland.TradeDate(later) < auckland.TradeDate(moment) {
			t.Fatalf("from %s to %s the trade date goes back", moment.UTC(), later.UTC())
		}
	})
}

func TestDeadlineCountsBusinessDaysOfTheCurrency(t *testing.T) {
	calendars := realdata.Calendars(t)
	cutOffs, err := hours.NewCutOffs(
		hours.CutOff{DaysBefore: 1, At: realdata.TimeOfDay(t, "15:00", "Asia/Tokyo")},
		hours.CutOff{From: realdata.Date(t, "2027-01-04"), DaysBefore: 0, At: realdata.TimeOfDay(t, "10:00", "Asia/Tokyo")})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ rule, value, want string }{
		{"the day before", "2026-11-25", "2026-11-24 06:00Z"},
		{"over a weekend and a holiday in JPY: 23 November", "2026-11-24", "2026-11-20 06:00Z"},
		{"another cut-off from a date on", "2027-01-04", "2027-01-04 01:00Z"},
	}
	for _, c := range cases {
		value := realdata.Date(t, c.value)
		cutOff, found := cutOffs.For(value)
		got, err := cutOff.Deadline(calendars["JPY"], value)
		if !found || err != nil || !got.Equal(instant(t, c.want)) {
			t.Errorf("%s: %s, %v, want %s", c.rule, got.UTC(), err, c.want)
		}
	}
	if _, found := hours.CutOffs(nil).For(realdata.Date(t, "2026-11-25")); found {
		t.Error("a currency without cut-offs has one")
	}
}

func TestWhatIsNoTimeOfDayIsRefused(t *testing.T) {
	for _, c := range [][2]string{{"25:00", "UTC"}, {"7", "UTC"}, {"07:00", "Nowhere"}, {"07:00", ""}, {"07:00", "Local"}} {
		if got, err := hours.ParseTimeOfDay(c[0], c[1]); err == nil {
			t.Errorf("%q %q is read as %s", c[0], c[1], got)
		}
	}
	if got := realdata.TimeOfDay(t, "07:05", "Pacific/Auckland").String(); got != "07:05 Pacific/Auckland" {
		t.Errorf("shown as %s", got)
	}
	for _, days := range []int{-1, 6} {
		if _, err := hours.NewCutOffs(hours.CutOff{DaysBefore: days, At: realdata.TimeOfDay(t, "07:00", "UTC")}); err == nil {
			t.Errorf("a cut-off %d days before is accepted", days)
		}
	}
}
