package line

import (
	"errors"
	"math"
	"testing"
)

func TestAddOnTableIsTheFormulaOfItsSource(t *testing.T) {
	t.Parallel()
	years := []float64{5 / 252.0, 21 / 252.0, 63 / 252.0, 126 / 252.0, 1, 5} // in years of 252 dealing days
	for i, a := range market().AddOns {
		want := math.Round(1.96*0.10*math.Sqrt(years[i])*1000) / 1000 // z·σ·√t
		got, _ := a.Factor.Float64()
		if math.Abs(got-want) > 0.001 {
			t.Errorf("add-on up to %d days: %v, formula gives %v", a.MaxDays, got, want)
		}
	}
}

func TestAddOnByTenorAndVolatility(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pair string
		days int
		want string
	}{
		{"EUR/USD", 0, "0.028"},
		{"EUR/USD", 7, "0.028"},
		{"EUR/USD", 8, "0.057"},
		{"EUR/USD", 366, "0.196"},
		{"EUR/USD", 1830, "0.438"},
		{"USD/JPY", 7, "0.0336"}, // 12 % instead of 10 %
	} {
		got, err := market().AddOn(c.pair, c.days)
		if err != nil {
			t.Errorf("%s %d days: %v", c.pair, c.days, err)
		}
		equal(t, c.pair, got, c.want)
	}
	var tenor *TenorError
	if _, err := market().AddOn("EUR/USD", 1831); !errors.As(err, &tenor) || tenor.MaxDays != 1830 {
		t.Errorf("beyond the table: %v", err)
	}
	var missing *MissingError
	if _, err := market().AddOn("EUR/XXX", 1); !errors.As(err, &missing) {
		t.Errorf("pair without volatility: %v", err)
	}
}

func TestSpotExposureIsAddOnPlusPositiveMarkToMarket(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		deal        Deal
		mtm, amount string
		received    string
	}{
		{"at market", spotDeal(Buy, "1000000", "1.25"), "0", "35000", "1250000"},                                           // 1.25m · 2.8 %
		{"client buys dear: bank gains", spotDeal(Buy, "1000000", "1.26"), "10000", "45000", "1260000"},                    // + 10,000
		{"client buys cheap: no credit for a loss", spotDeal(Buy, "1000000", "1.24"), "-10000", "35000", "1240000"},        //
		{"client sells cheap: bank gains", spotDeal(Sell, "1000000", "1.24"), "10000", "45000", "1250000"},                 // receives the euros
		{"client sells dear: no credit for a loss", spotDeal(Sell, "1000000", "1.26"), "-10000", "35000", "1250000"},       //
		{"rounded up to the cent", spotDeal(Buy, "0.01", "1.25"), "0", "0.01", "0.01"},                                     //
		{"price improves by a fraction of a cent", spotDeal(Buy, "100", "1.25001"), "0", "3.5", "125"},                     // 0.001 is rounded half up
		{"a check has no price yet", withoutPrice(spotDeal(Buy, "1000000", "1.25")), "0", "35000", "1250000"},              //
		{"a check of the quote amount", withoutBase(spotDeal(Buy, "1000000", "1.25"), "1250000"), "0", "35000", "1250000"}, //
	} {
		x, err := Assess(c.deal, market())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		equal(t, c.name+": mark-to-market", x.MarkToMarket, c.mtm)
		equal(t, c.name+": exposure", x.Amount, c.amount)
		equal(t, c.name+": received", x.Settlements[0].Amount, c.received)
	}
}

func withoutPrice(d Deal) Deal {
	d.Legs[0].Rate, d.Legs[0].QuoteAmount = dec("0"), dec("0")
	return d
}

func withoutBase(d Deal, quote string) Deal {
	d.Legs[0].Rate, d.Legs[0].BaseAmount, d.Legs[0].QuoteAmount = dec("0"), dec("0"), dec(quote)
	return d
}

func TestForwardIsMarkedAtTheForwardRate(t *testing.T) {
	t.Parallel()
	d := spotDeal(Buy, "1000000", "1.25")
	d.Legs[0].ValueDate = day("2027-05-22") // 180 days from spot: 1.25 · 1.018 / 1.009
	forward, err := market().Forward(d, d.Legs[0].ValueDate)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "forward", forward, "1.261149653122")
	x, err := Assess(d, market())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "mark-to-market", x.MarkToMarket, "-11149.65") // the client got its euros too cheap
	equal(t, "exposure", x.Amount, "173750")                // 1.25m · 13.9 %
}

func TestSwapCountsItsNotionalOnceAtTheFarTenor(t *testing.T) {
	t.Parallel()
	d := spotDeal(Sell, "1000000", "1.25")
	far := d.Legs[0]
	far.Side, far.ValueDate, far.Rate = Buy, day("2026-12-10"), dec("1.25")
	d.Legs = append(d.Legs, far)
	x, err := Assess(d, market())
	if err != nil {
		t.Fatal(err)
	}
	if x.TenorDays != 21 {
		t.Errorf("tenor %d days, want 21", x.TenorDays)
	}
	equal(t, "exposure", x.Amount, "71250") // 1.25m · 5.7 %, once
	if len(x.Settlements) != 2 || !x.Settlements[0].ValueDate.Equal(day("2026-11-23")) || !x.Settlements[1].ValueDate.Equal(day("2026-12-10")) {
		t.Errorf("settlements %v, want one per leg", x.Settlements)
	}
}

func TestExposureOfACrossIsConvertedThroughItsBase(t *testing.T) {
	t.Parallel()
	d := spotDeal(Buy, "800000", "250")
	d.Base, d.Quote = "GBP", "JPY"
	x, err := Assess(d, market())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "pounds in dollars", x.Conversion, "1.5625")
	equal(t, "exposure", x.Amount, "35000")
	equal(t, "received yen in dollars", x.Settlements[0].Amount, "1250000")
}

func TestAssessRefusesWhatTheMarketLacks(t *testing.T) {
	t.Parallel()
	var missing *MissingError
	for name, change := range map[string]func(*Deal, *Market){
		"rate of base":  func(_ *Deal, m *Market) { delete(m.Mids, "EUR") },
		"rate of quote": func(d *Deal, m *Market) { d.Quote = "CHF"; m.Volatility["EUR/CHF"] = dec("0.1") },
		"volatility":    func(_ *Deal, m *Market) { delete(m.Volatility, "EUR/USD") },
		"add-ons":       func(_ *Deal, m *Market) { m.AddOns = nil },
	} {
		d, m := spotDeal(Buy, "1", "1"), market()
		change(&d, &m)
		if _, err := Assess(d, m); !errors.As(err, &missing) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Assess(Deal{Base: "EUR", Quote: "USD"}, market()); err == nil {
		t.Error("a deal without legs was assessed")
	}
}
