package demo_test

import (
	"testing"

	"fxcore/gateways/mainframe/simulator/demo"
)

// Case 17 of the market's cases: a pair is dealt to the digits in which it is quoted. The digits are those of Strata's
// CurrencyPair.ini and one more for electronic quotes, five at most; see [demo.Pair].
func TestCase17ThePairsDigitsAreThoseOfTheirSource(t *testing.T) {
	want := map[string]int{
		"EUR/USD": 5, "USD/JPY": 3, "EUR/GBP": 5, "EUR/CHF": 5, "EUR/AUD": 5, "EUR/CAD": 5, "GBP/JPY": 3, "AUD/JPY": 3, "CAD/JPY": 3,
		"CHF/JPY": 3, "USD/CNY": 5, "USD/TRY": 5, "USD/THB": 4, "USD/IDR": 2, "USD/INR": 4, "EUR/JPY": 3,
	}
	pairs, err := demo.Pairs()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		if digits, known := want[p.Name]; known && p.RateDecimals != digits {
			t.Errorf("%s has %d decimals, want %d", p.Name, p.RateDecimals, digits)
		}
		delete(want, p.Name)
	}
	if len(want) > 0 {
		t.Errorf("not dealt: %v", want)
	}
}
