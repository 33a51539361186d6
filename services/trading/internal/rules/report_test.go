package rules_test

import (
	"slices"
	"testing"
	"time"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// report returns a report of the spot trade of spot.
func report() rules.Request {
	request := spot()
	request.Kind = rules.Reported
	return request
}

// TestAReportIsJudgedByItsOwnTime: a trade at the fixing of 23 June 2016 is reported on the 24th, when the pound has fallen.
func TestAReportIsJudgedByItsOwnTime(t *testing.T) {
	done := time.Date(2016, 6, 23, 12, 15, 0, 0, time.UTC)
	then := marketWith(t, "2016-06-23", done, market.Rates{}, nil)
	reported := done.Add(24 * time.Hour)
	today := marketWith(t, "2016-06-24", reported, market.Rates{}, nil)
	request := spotOf(then, "EUR/GBP", done)
	request.Kind = rules.Reported

	got, rejection := newRules().Check(rules.Markets{Now: today, Then: then}, reported, request)
	if rejection != nil || len(got.Flags) != 0 || got.TradeDate.String() != "2016-06-23" || got.SpotDate.String() != "2016-06-27" {
		t.Errorf("at its fixing: %+v, %v", got, rejection)
	}
	if !got.ReferenceAsOf.Equal(done) || !got.ReferenceRate.Equal(dec(request.Legs[0].Rate)) {
		t.Errorf("judged by %s of %s", got.ReferenceRate, got.ReferenceAsOf)
	}

	off := spotOf(today, "EUR/GBP", done)
	off.Kind = rules.Reported
	got, rejection = newRules().Check(rules.Markets{Now: today, Then: then}, reported, off)
	if rejection != nil || len(got.Flags) != 1 || got.Flags[0].Name != trade.OffMarket || !got.Flags[0].Deviation.GreaterThan(dec("0.04")) {
		t.Errorf("off the rate of its time: %+v, %v", got.Flags, rejection)
	}

	got, rejection = newRules().Check(rules.Markets{Now: today}, reported, request)
	if rejection != nil || len(got.Flags) != 1 || got.Flags[0].Name != trade.NotJudged || !got.ReferenceRate.IsZero() {
		t.Errorf("no rate of its time: %+v, %v", got, rejection)
	}
	got, rejection = newRules().Check(rules.Markets{Now: today, Then: today}, reported, request)
	if rejection != nil || len(got.Flags) != 1 || got.Flags[0].Name != trade.NotJudged {
		t.Errorf("only rates of another time: %+v, %v", got.Flags, rejection)
	}
}

// TestReportsAreJudgedMoreWidely: the rates of a minute are not those of its every second, so the tolerance is wider.
func TestReportsAreJudgedMoreWidely(t *testing.T) {
	request := report()
	request.Legs[0].Rate = "1.1350" // 1.6 % off: four times 0.5 % is not remarkable
	if got, rejection := check(t, request); rejection != nil || len(got.Flags) != 0 {
		t.Errorf("1.6 %% off: %+v, %v", got.Flags, rejection)
	}
	request.Legs[0].Rate = "1.1400"
	got, rejection := check(t, request)
	want := trade.Flag{
		Name: trade.OffMarket, Leg: 1, Deviation: dec("0.020408"),
		Text: "the rate 1.14 of EUR/USD for 2026-11-27 differs by 2.0408% from the reference 1.1172 (as of 2026-11-24 09:59:58Z); the tolerance is 2%",
	}
	if rejection != nil || len(got.Flags) != 1 || !got.Flags[0].Deviation.Equal(want.Deviation) || got.Flags[0].Text != want.Text {
		t.Errorf("2.04 %% off: %+v, %v", got.Flags, rejection)
	}
}

// TestAReportKeepsWhatItBrings: decimals beyond the pair's, spot rate, points, the other amount and the trade date.
func TestAReportKeepsWhatItBrings(t *testing.T) {
	request := report()
	request.Legs[0].Rate = "1.150713"
	got, rejection := check(t, request)
	if rejection != nil || !got.Legs[0].Rate.Equal(dec("1.150713")) || !got.Legs[0].QuoteAmount.Equal(dec("1150713")) {
		t.Fatalf("six decimals: %+v, %v", got.Legs, rejection)
	}

	request = report()
	request.Product, request.TransactedAt = trade.Forward, now.Add(-24*time.Hour)
	request.Legs[0] = rules.RequestedLeg{
		Side: trade.Buy, Amount: "1000000", Rate: "1.11923", ValueDate: "2026-12-28", OtherAmount: "1119230.00", ForwardPoints: "0.002034",
	}
	request.Reported = rules.Facts{TradeDate: "2026-11-24", SpotRate: "1.117196"}
	got, rejection = check(t, request)
	if rejection != nil {
		t.Fatal(rejection)
	}
	leg := got.Legs[0]
	if got.TradeDate.String() != "2026-11-23" || got.SpotDate.String() != "2026-11-25" || !got.SpotRate.Equal(dec("1.117196")) {
		t.Errorf("traded %s for spot %s at %s", got.TradeDate, got.SpotDate, got.SpotRate)
	}
	if !leg.ForwardPoints.Valid || !leg.ForwardPoints.Decimal.Equal(dec("0.002034")) || !leg.QuoteAmount.Equal(dec("1119230")) {
		t.Errorf("leg %+v", leg)
	}
}

func TestAReportsTradeDateOnASundayIsMondays(t *testing.T) {
	request := report()
	request.TransactedAt, request.Reported.TradeDate = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), "2026-11-22"
	got, rejection := check(t, request)
	if rejection != nil || got.TradeDate.String() != "2026-11-23" || got.SpotDate.String() != "2026-11-25" {
		t.Errorf("traded %s for spot %s, %v", got.TradeDate, got.SpotDate, rejection)
	}
}

// TestTheOtherAmountMayBeRoundedEitherWay: not every system rounds half-up. The rate may be rounded, too: at 1.117545, 1000.01 is 1117.556.
func TestTheOtherAmountMayBeRoundedEitherWay(t *testing.T) {
	for other, accepted := range map[string]bool{"1117.56": true, "1117.57": true, "1117.55": true, "1117.54": false, "1117.58": false, "1118": true, "1119": false} {
		request := report()
		request.Legs[0].Amount, request.Legs[0].Rate, request.Legs[0].OtherAmount = "1000.01", "1.11755", other // 1117.561175…
		got, rejection := check(t, request)
		if accepted && (rejection != nil || !got.Legs[0].QuoteAmount.Equal(dec(other))) {
			t.Errorf("%s: %+v, %v", other, got.Legs, rejection)
		}
		if !accepted && (rejection == nil || rejection.Code != reason.Contradiction) {
			t.Errorf("%s: %v", other, rejection)
		}
	}
}

// TestAnAmountMayBeOffByTheRoundingOfTheRate: an average price has more digits than a report states. Half a unit of the last one, times
// the amount, is no contradiction. A rate has at least the pair's digits, because a trailing zero may have been dropped.
func TestAnAmountMayBeOffByTheRoundingOfTheRate(t *testing.T) {
	for _, c := range []struct {
		currency, amount, rate, other string
		accepted                      bool
	}{
		{"EUR", "1000000000", "1.117123333", "1117123333.33", true},
		{"EUR", "1000000000", "1.117123333", "1117123333.50", true},
		{"EUR", "1000000000", "1.117123333", "1117123333.51", false},
		{"EUR", "300000", "1.11712", "335136.40", true},
		{"EUR", "300000", "1.11712", "335137.50", true},
		{"EUR", "300000", "1.11712", "335137.51", false},
		{"EUR", "1000000", "1.12", "1120005.00", true},
		{"EUR", "1000000", "1.12", "1120005.02", false},
		{"USD", "1000000000", "1.117123333", "895156309.88", true},
		{"USD", "1000000000", "1.117123333", "895156309.91", false},
	} {
		request := report()
		request.Currency, request.Legs[0].Amount, request.Legs[0].Rate, request.Legs[0].OtherAmount = c.currency, c.amount, c.rate, c.other
		got, rejection := check(t, request)
		if !c.accepted {
			if rejection == nil || rejection.Code != reason.Contradiction {
				t.Errorf("%+v: %v", c, rejection)
			}
			continue
		}
		if rejection != nil || len(got.Flags) != 0 || !got.Legs[0].QuoteAmount.Equal(dec(c.other)) && !got.Legs[0].BaseAmount.Equal(dec(c.other)) {
			t.Errorf("%+v: %+v, flags %+v, %v", c, got.Legs, got.Flags, rejection)
		}
	}
}

// TestContradictionsInAReportAreRefused checks the exact texts.
func TestContradictionsInAReportAreRefused(t *testing.T) {
	reported := func(spoil func(*rules.Request)) rules.Request {
		request := report()
		spoil(&request)
		return request
	}
	cases := []struct {
		rule    string
		request rules.Request
		code    reason.Code
		text    string
	}{
		{
			"another product of amount and rate", reported(func(r *rules.Request) { r.Legs[0].OtherAmount = "1117600" }), reason.Contradiction,
			"the amount 1117600 USD is not 1000000 EUR at 1.1175, which is 1117500: it is off by 100, and rounding explains less than 6",
		},
		{
			"another quotient", reported(func(r *rules.Request) { r.Currency, r.Legs[0].OtherAmount = "USD", "894954.7" }), reason.Contradiction,
			"the amount 894954.7 EUR is not 1000000 USD at 1.1175, which is 894854.59: it is off by 100.11, and rounding explains less than 4.1",
		},
		{
			"spot rate and points", reported(func(r *rules.Request) { r.Reported.SpotRate, r.Legs[0].ForwardPoints = "1.1172", "0.0004" }), reason.Contradiction,
			"the spot rate 1.1172 and the forward points 0.0004 do not add up to the rate 1.1175 of leg 1",
		},
		{
			"a spot rate that is not the rate for the spot date", reported(func(r *rules.Request) { r.Reported.SpotRate = "1.1172" }), reason.Contradiction,
			"the spot rate 1.1172 is not the rate 1.1175, which is for the spot date 2026-11-27",
		},
		{
			"points to the spot date", reported(func(r *rules.Request) { r.Legs[0].ForwardPoints = "0.0004" }), reason.Contradiction,
			"the forward points 0.0004 are of a rate for the spot date, 2026-11-27",
		},
		{
			"no rate at all", reported(func(r *rules.Request) { r.Legs[0].Rate = "999999999" }), reason.OffMarket,
			"the rate 999999999 cannot be one of EUR/USD, whose reference is 1.1172: it is off by more than a factor of 2; correct the report",
		},
		{
			"more than half", reported(func(r *rules.Request) { r.Legs[0].Rate = "0.5585" }), reason.OffMarket,
			"the rate 0.5585 cannot be one of EUR/USD, whose reference is 1.1172: it is off by more than a factor of 2; correct the report",
		},
		{
			"no spot rate at all", reported(func(r *rules.Request) {
				*r = forward("1M")
				r.Kind, r.Reported.SpotRate = rules.Reported, "11.172"
			}), reason.OffMarket,
			"the spot rate 11.172 cannot be one of EUR/USD, whose reference is 1.1172: it is off by more than a factor of 2; correct the report",
		},
		{
			"a date that can not be meant", reported(func(r *rules.Request) { r.Legs[0].ValueDate = "2106-11-26" }), reason.BeyondMaxTenor,
			"the value date 2106-11-26 is more than 30 years after spot, 2026-11-27, the most that the bank can book; correct the report",
		},
		{
			"swap points", reported(func(r *rules.Request) {
				*r = swap("SPOT", "1M")
				r.Kind, r.Reported.SwapPoints = rules.Reported, "0.002"
			}), reason.Contradiction,
			"the near rate 1.1175 and the swap points 0.002 do not add up to the far rate 1.1194205",
		},
		{
			"swap points of one leg", reported(func(r *rules.Request) { r.Reported.SwapPoints = "0.002" }), reason.Contradiction,
			"the swap points 0.002 are of a swap, but the trade has one leg: report both legs",
		},
		{
			"a trade date far from the transaction time", reported(func(r *rules.Request) { r.Reported.TradeDate = "2026-11-20" }), reason.Contradiction,
			"the trade date 2026-11-20 does not fit the transaction time 2026-11-24 10:00:00Z, whose trade date is 2026-11-24",
		},
		{
			"points that are no number", reported(func(r *rules.Request) { r.Legs[0].ForwardPoints = "few" }), reason.Contradiction,
			`the forward points "few" are not a decimal number`,
		},
		{
			"a fraction of a cent", reported(func(r *rules.Request) { r.Legs[0].OtherAmount = "1117500.001" }), reason.OverPrecise,
			"the amount 1117500.001 USD has more than the 2 decimals of the currency",
		},
		{
			"more decimals than can be booked", reported(func(r *rules.Request) { r.Legs[0].Rate = "1.1175000001" }), reason.OverPrecise,
			"the rate 1.1175000001 of EUR/USD has more than 9 decimals, the most that the bank can book",
		},
		{
			"later than a report may be", reported(func(r *rules.Request) { r.TransactedAt = now.Add(-7*24*time.Hour - time.Second) }), reason.InvalidDate,
			"the trade was done at 2026-11-17 09:59:59Z, more than 168h0m0s ago, the most by which a report may be late; call the bank's operations",
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			accepted, rejection := check(t, c.request)
			if rejection == nil {
				t.Fatalf("accepted: %+v", accepted)
			}
			if rejection.Code != c.code || rejection.Text != c.text {
				t.Errorf("\n got %s: %s\nwant %s: %s", rejection.Code, rejection.Text, c.code, c.text)
			}
		})
	}
}

// TestAReportIsFlaggedWhereARequestIsRefused: the trade is done. A person must look at it.
func TestAReportIsFlaggedWhereARequestIsRefused(t *testing.T) {
	to := func(date string) func(*rules.Request) {
		return func(r *rules.Request) { r.Product, r.Legs[0].ValueDate = trade.Forward, date }
	}
	cases := []struct {
		rule  string
		spoil func(*rules.Request)
		flags []trade.FlagName
		text  string
	}{
		{"on a holiday", to("2026-11-26"), []trade.FlagName{trade.ClosedDate}, "the value date 2026-11-26 is a holiday in USD (Thanksgiving Day)"},
		{"on a Saturday", to("2026-12-05"), []trade.FlagName{trade.ClosedDate}, "the value date 2026-12-05 is a Saturday, weekend in EUR"},
		{
			"on a Sunday after the longest tenor", to("2033-11-27"),
			[]trade.FlagName{trade.BeyondMaxTenor, trade.ClosedDate, trade.OffMarket},
			"the value date 2033-11-27 is more than 5Y after spot, 2026-11-27; the last one is 2031-11-28",
		},
		{
			"spot, on another date", func(r *rules.Request) { r.Legs[0].ValueDate, r.Legs[0].Rate = "2026-11-30", "1.1173" },
			[]trade.FlagName{trade.Contradiction},
			"it is reported as spot, but the value date 2026-11-30 is not the spot date, 2026-11-27",
		},
		{"an uneven swap", func(r *rules.Request) {
			*r = swap("SPOT", "1M")
			r.Kind, r.Legs[1].Amount = rules.Reported, "2000000"
		}, []trade.FlagName{trade.Uneven}, "the near leg is for 1000000.00 EUR but the far leg for 2000000"},
		{"an amount in whole dollars", func(r *rules.Request) {
			r.Legs[0].Amount, r.Legs[0].Rate, r.Legs[0].OtherAmount = "1000.01", "1.11755", "1118"
		}, []trade.FlagName{trade.RoundedAmount}, "the amount 1118 USD is rounded: 1000.01 EUR at 1.11755 is 1117.56"},
		{"a swap whose spot rate is not its near rate", func(r *rules.Request) {
			*r = swap("SPOT", "1M")
			r.Kind, r.Reported.SpotRate = rules.Reported, "1.1172"
		}, []trade.FlagName{trade.Contradiction}, "the spot rate 1.1172 is not the rate 1.1175, which is for the spot date 2026-11-27"},
		{"a forward whose spot rate is off", func(r *rules.Request) {
			*r = forward("1M")
			r.Kind, r.Reported.SpotRate = rules.Reported, "1.15"
		}, []trade.FlagName{trade.OffMarket}, "the spot rate 1.15 of EUR/USD differs by 2.9359% from the reference 1.1172 (as of 2026-11-24 09:59:58Z); the tolerance is 2%"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			request := report()
			c.spoil(&request)
			got, rejection := check(t, request)
			if rejection != nil {
				t.Fatal(rejection)
			}
			var names []trade.FlagName
			for _, f := range got.Flags {
				names = append(names, f.Name)
			}
			if !slices.Equal(names, c.flags) || got.Flags[0].Text != c.text {
				t.Errorf("flags %+v", got.Flags)
			}
		})
	}
}

// TestAReportWithoutRatesOfNowIsTaken: it is neither judged nor valued.
func TestAReportWithoutRatesOfNowIsTaken(t *testing.T) {
	m := market.New(newMarket(t).Directory, market.Rates{AsOf: now})
	got, rejection := newRules().Check(on(m), now, report())
	if rejection != nil || got.Product != trade.Spot || len(got.Flags) != 2 {
		t.Fatalf("%+v, %v", got, rejection)
	}
	if got.Flags[0].Name != trade.NotJudged || got.Flags[1].Name != trade.NotValued || !got.USDAmount.IsZero() {
		t.Errorf("worth USD %s, flags %+v", got.USDAmount, got.Flags)
	}
}

// TestASpotTradeAfterTheRollIsOne: at 18:00 in New York the trade date is tomorrow's, whatever calendar day the reporter states.
func TestASpotTradeAfterTheRollIsOne(t *testing.T) {
	for _, stated := range []string{"", "2026-11-19", "2026-11-20"} {
		request := report()
		request.TransactedAt, request.Reported.TradeDate = time.Date(2026, 11, 19, 23, 0, 0, 0, time.UTC), stated
		request.Legs[0].ValueDate = "2026-11-24"
		got, rejection := check(t, request)
		if rejection != nil || got.Product != trade.Spot || got.TradeDate.String() != "2026-11-20" || got.SpotDate.String() != "2026-11-24" {
			t.Errorf("stated %q: a %s done %s for %s, %v", stated, got.Product, got.TradeDate, got.SpotDate, rejection)
		}
	}
}

// TestWhatHasPassedSinceAReportWasDoneIsNoFault: its value date, and the cut-off of a currency.
func TestWhatHasPassedSinceAReportWasDoneIsNoFault(t *testing.T) {
	request := report()
	request.TransactedAt = realdata.Date(t, "2026-11-19").Time().Add(10 * time.Hour)
	got, rejection := check(t, request)
	if rejection != nil || got.TradeDate.String() != "2026-11-19" || got.Legs[0].ValueDate.String() != "2026-11-23" {
		t.Errorf("a spot trade of last week: %+v, %v", got.Legs, rejection)
	}
	request.Legs[0].Tenor, request.Legs[0].ValueDate = "1W", "2026-11-20"
	if got, rejection := check(t, request); rejection != nil || got.Product != trade.Forward {
		t.Errorf("a report's stated date stands over its tenor's name and its product: %s, %v", got.Product, rejection)
	}
}

// A report is decided on pairs and calendars that are too old for a request, and flagged. What they do not know may be in newer ones.
func TestAReportIsDecidedOnOldData(t *testing.T) {
	later := now.Add(24 * time.Hour)
	request := report()
	request.TransactedAt = later
	got, rejection := newRules().Check(on(newMarket(t)), later, request)
	if rejection != nil || len(got.Flags) == 0 || got.Flags[0].Name != trade.OldData || got.Flags[0].Text == "" {
		t.Errorf("%+v, %v", got.Flags, rejection)
	}
	for rule, c := range map[string]struct {
		pair      string
		at        time.Time
		code      reason.Code
		undecided bool
	}{
		"a currency that nobody knows": {"EUR/XXX", now, reason.CurrencyUnknown, false},
		"that old data do not know":    {"EUR/XXX", later, reason.CurrencyUnknown, true},
		"a pair that nobody deals":     {"GBP/JPY", now, reason.UnknownPair, false},
		"that old data do not have":    {"GBP/JPY", later, reason.UnknownPair, true},
		"without a calendar":           {"EUR/CHF", now, reason.NoStaticData, true},
	} {
		request := report()
		request.Pair, request.TransactedAt = c.pair, c.at
		_, rejection := newRules().Check(on(newMarket(t)), c.at, request)
		if rejection == nil || rejection.Code != c.code || rejection.Undecided != c.undecided {
			t.Errorf("%s: %+v", rule, rejection)
		}
	}
	asked := spot()
	asked.TransactedAt = later
	if _, rejection := newRules().Check(on(newMarket(t)), later, asked); rejection == nil || rejection.Code != reason.NoStaticData {
		t.Errorf("a request: %+v", rejection)
	}
}

// TestADateStandsAboveATenor: of a request and of a report. It makes a forward of what a tenor beside it calls spot, but not of what is
// stated to be spot.
func TestADateStandsAboveATenor(t *testing.T) {
	for _, kind := range []string{rules.Asked, rules.Reported} {
		for _, tenor := range []string{"", "SPOT", "1M"} {
			request := spot()
			request.Kind, request.DateDecides, request.Legs[0].Tenor, request.Legs[0].ValueDate = kind, true, tenor, "2026-11-30"
			request.Legs[0].Rate = "1.1173"
			got, rejection := check(t, request)
			if rejection != nil || got.Product != trade.Forward || got.Legs[0].ValueDate.String() != "2026-11-30" || len(got.Flags) != 0 {
				t.Errorf("%s, tenor %q: %+v, %v", kind, tenor, got, rejection)
			}
		}
	}
}
