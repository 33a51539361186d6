package directory_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/market"
	"fxcore/services/market/feed"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/directory"
	"fxcore/services/settlement/internal/movement"
)

func static(t *testing.T) *directory.Directory {
	t.Helper()
	rdb := testkit.Redis(t)
	mirrortest.PublishAll(t, rdb, time.Now(), map[string]map[string]string{
		"accounts": {
			"A2": `{"client":"C1","currency":"EUR"}`, "A1": `{"client":"C1","currency":"EUR"}`, "A3": `{"client":"C1","currency":"USD"}`,
			"A5": `{"client":"C4","currency":"EUR"}`, "A6": `{"client":"C3","currency":"USD"}`,
			"A4": `{"client":"C4","currency":7}`, "?C4": `{"client":"C4","bad":true}`,
		},
		"nostros":    {"EUR": `{"nostro":"N1","settlement":"S1"}`, "USD": `{"nostro":"N2","settlement":"N2"}`},
		"agreements": {"C1": `{"kinds":["line","settlement"]}`, "C2": `{"kinds":["line"]}`, "C4": `{"client":"C4","bad":true}`},
		"balancing":  {"FXS2": `{"into":"FXT1","currency":"USD"}`, "FXS1": `{"into":"FXT1","currency":"USD"}`, "FXT1": `{"into":"FXT1","currency":"USD"}`},
		"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
		"pairs":      {"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":25,"max_rate_age_seconds":300}`},
		"calendars": {
			"EUR": `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{}}`,
			"USD": `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{}}`,
		},
		"points": {"EUR/USD": `{"points":{"1Y":"200"}}`},
		"rates":  {"USD": `{"mid":"1.1172","as_of":"2026-11-24T09:59:58Z"}`},
	})
	return mirrortest.Follow(t, directory.Open(rdb, feed.Open(rdb, time.Hour))).Directory()
}

func TestAClientPaysByTheTradesAccountOrItsFirstInTheCurrency(t *testing.T) {
	d := static(t)
	for _, c := range []struct {
		client, currency, preferred, want string
		err                               error
	}{
		{"C1", "EUR", "", "A1", nil},
		{"C1", "EUR", "A2", "A2", nil},
		{"C1", "EUR", "A3", "A1", nil},
		{"C1", "USD", "A2", "A3", nil},
		{"C3", "EUR", "", "", nil},
		// What is not there, or cannot be read, is never taken for "through the nostro account".
		{"C1", "EUR", "A9", "", directory.ErrNoAccount},
		{"C2", "EUR", "", "", directory.ErrNoAccount},
		{"C4", "USD", "", "", directory.ErrDoubtful},
		{"C4", "EUR", "A5", "A5", nil},
		{"C4", "EUR", "", "", directory.ErrDoubtful},
	} {
		got, err := d.AccountOf(c.client, c.currency, c.preferred)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s in %s, preferred %q: %q, %v, want %q, %v", c.client, c.currency, c.preferred, got, err, c.want, c.err)
		}
	}
}

func TestAPaymentIsBetweenTheBanksAccountsAndTheClients(t *testing.T) {
	d := static(t)
	for _, c := range []struct{ account, amount, from, to string }{
		{"A1", "10", "S1", "A1"}, {"A1", "-10", "A1", "S1"}, {"", "10", "S1", "N1"}, {"", "-10", "N1", "S1"},
	} {
		from, to, err := d.Accounts(movement.Payment{Currency: "EUR", Amount: decimal.RequireFromString(c.amount), Account: c.account})
		if err != nil || from != c.from || to != c.to {
			t.Errorf("%+v: %s to %s, %v", c, from, to, err)
		}
	}
	if _, _, err := d.Accounts(movement.Payment{Currency: "USD", Amount: decimal.NewFromInt(1)}); !errors.Is(err, directory.ErrNoNostro) {
		t.Errorf("a bad record: %v", err)
	}
}

func TestBalancingRulesComeByDeskWithoutBadOnes(t *testing.T) {
	d := static(t)
	want := []balancing.Rule{{Desk: "FXS1", Into: "FXT1", Currency: "USD"}, {Desk: "FXS2", Into: "FXT1", Currency: "USD"}}
	if diff := cmp.Diff(want, d.Balancing()); diff != "" {
		t.Error(diff)
	}
	if decimals, known := d.Decimals("EUR"); !known || decimals != 2 {
		t.Errorf("%d, %v", decimals, known)
	}
}

func TestOnlyASettlementAgreementNetsPayments(t *testing.T) {
	d := static(t)
	for client, want := range map[string]bool{"C1": true, "C2": false, "C3": false} {
		if nets, err := d.Nets(client); nets != want || err != nil {
			t.Errorf("%s: %v, %v", client, nets, err)
		}
	}
	if _, err := d.Nets("C4"); !errors.Is(err, directory.ErrDoubtful) {
		t.Errorf("whose row cannot be read: %v", err)
	}
	if got := d.Netting(); len(got) != 1 || got[0] != "C1" {
		t.Errorf("%v", got)
	}
	known, err1 := d.Pair("EUR/USD")
	_, err2 := d.Pair("EUR/JPY")
	_, err3 := (&directory.Directory{}).Pair("EUR/USD")
	if known == nil || err1 != nil || !errors.Is(err2, market.ErrUnknownPair) || !errors.Is(err3, market.ErrNoData) {
		t.Errorf("pairs of the market: %v, %v, %v", err1, err2, err3)
	}
}

func TestDesksWhoseBooksWouldGoInAChainOrACircleHaveNoRule(t *testing.T) {
	rdb := testkit.Redis(t)
	mirrortest.PublishAll(t, rdb, time.Now(), map[string]map[string]string{"balancing": {
		"A": `{"into":"B","currency":"USD"}`, "B": `{"into":"C","currency":"USD"}`,
		"D": `{"into":"E","currency":"USD"}`, "E": `{"into":"D","currency":"USD"}`,
	}})
	s := directory.Open(rdb, feed.Open(rdb, time.Hour))
	testkit.Background(t, s.Run)
	mirrortest.AwaitFault(t, s, "3 bad records are left out: record A: its books go into those of B, which go into those of C: a chain or a circle of desks")
	want := []balancing.Rule{{Desk: "B", Into: "C", Currency: "USD"}}
	if diff := cmp.Diff(want, s.Directory().Balancing()); diff != "" {
		t.Error(diff)
	}
}
