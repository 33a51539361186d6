package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
	"fxcore/services/market/realdata"
)

func TestClosedNamesTheReason(t *testing.T) {
	calendars := realdata.Calendars(t)
	cases := []struct{ rule, currency, date, want string }{
		{"holiday with its name", "USD", "2026-11-26", "a holiday in USD (Thanksgiving Day)"},
		{"weekend with its day", "EUR", "2026-11-28", "a Saturday, weekend in EUR"},
		{"holiday before weekend", "USD", "2026-07-04", "a holiday in USD (Independence Day)"},
		{"the Fed is open on Friday when a holiday falls on Saturday", "USD", "2026-07-03", ""},
		{"half-days are business days", "SEK", "2015-12-30", ""},
		{"dated weekend: Fridays closed in AED before 2022", "AED", "2021-12-24", "a Friday, weekend in AED"},
		{"dated weekend: Fridays open in AED since 2022", "AED", "2022-01-07", ""},
		{"dated weekend: Sundays closed in AED since 2022", "AED", "2022-01-09", "a Sunday, weekend in AED"},
		{"dated weekend: Thursdays closed in SAR before mid 2013", "SAR", "2013-06-20", "a Thursday, weekend in SAR"},
		{"before the first rule the first one holds", "SAR", "1998-06-18", "a Thursday, weekend in SAR"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			closure, closed := calendars[c.currency].Closed(realdata.Date(t, c.date))
			if closed != (c.want != "") || closed && closure.String() != c.want {
				t.Errorf("%s on %s: closed %v, %s; want %q", c.currency, c.date, closed, closure, c.want)
			}
		})
	}
}

func TestNewRefusesDamagedCalendars(t *testing.T) {
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	for rule, weekends := range map[string][]calendar.Weekend{
		"no weekend rule":         nil,
		"a weekend of seven days": {{Days: week}},
	} {
		if _, err := calendar.New("XXX", weekends, nil); err == nil {
			t.Errorf("%s was accepted", rule)
		}
	}
}

func TestSearchesAreBoundedOnDamagedCalendars(t *testing.T) {
	early, _ := calendar.New("AAA", []calendar.Weekend{{Days: []time.Weekday{1, 2, 3}}}, nil)
	late, _ := calendar.New("BBB", []calendar.Weekend{{Days: []time.Weekday{4, 5, 6, 0}}}, nil)
	if d, err := (calendar.Joint{early, late}).Following(realdata.Date(t, "2026-11-24")); !errors.Is(err, calendar.ErrNoBusinessDay) {
		t.Errorf("two calendars without a common day found %s, %v", d, err)
	}
}

func TestAdjustmentsLandOnCommonBusinessDays(t *testing.T) {
	calendars := realdata.Calendars(t)
	var currencies []string
	for currency := range calendars {
		currencies = append(currencies, currency)
	}
	rapid.Check(t, func(t *rapid.T) {
		joint := calendar.Joint{calendars["USD"]}
		for _, currency := range rapid.SliceOfN(rapid.SampledFrom(currencies), 1, 2).Draw(t, "currencies") {
			joint = append(joint, calendars[currency])
		}
		d := drawDate(t)
		following, err1 := joint.Following(d)
		preceding, err2 := joint.Preceding(d)
		modified, err3 := joint.ModifiedFollowing(d)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		for _, found := range []fxdate.Date{following, preceding, modified} {
			if !joint.IsBusinessDay(found) {
				t.Fatalf("%s is not a business day", found)
			}
		}
		if preceding > d || following < d || modified != following && modified != preceding {
			t.Fatalf("around %s: preceding %s, following %s, modified %s", d, preceding, following, modified)
		}
		if !modified.SameMonth(d) && preceding.SameMonth(d) {
			t.Fatalf("modified following left the month of %s: %s", d, modified)
		}
	})
}

func drawDate(t *rapid.T) fxdate.Date {
	first, last := fxdate.NewDate(2016, 1, 1), fxdate.NewDate(2055, 12, 1)
	return fxdate.Date(rapid.Int32Range(int32(first), int32(last)).Draw(t, "date"))
}
