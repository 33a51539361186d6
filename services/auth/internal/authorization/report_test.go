package authorization_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/auth/internal/authorization"
)

// A report is refused only if it cannot be booked; what else a request would be refused for is flagged.
func TestAReportIsFlaggedWhereARequestIsRefused(t *testing.T) {
	type request = authorization.Request
	for rule, c := range map[string]struct {
		spoil   func(*request, *authorization.Directory)
		flags   string // separated by blanks
		refused string // the rule
	}{
		"nothing":               {func(*request, *authorization.Directory) {}, "", ""},
		"a blocked client":      {func(r *request, _ *authorization.Directory) { r.Client = "C000902" }, "client_blocked", ""},
		"its size":              {func(r *request, _ *authorization.Directory) { r.Amount = dec("4545454.55") }, "size_exceeded", ""},
		"rates that are old":    {func(_ *request, d *authorization.Directory) { d.Rates.Until = now.Add(-1) }, "size_not_judged", ""},
		"no rates":              {func(_ *request, d *authorization.Directory) { d.Rates = authorization.Set[decimal.Decimal]{} }, "size_not_judged", ""},
		"no rate of a currency": {func(r *request, _ *authorization.Directory) { r.Currency = "XXX" }, "size_not_judged", ""},
		"another product":       {func(r *request, _ *authorization.Directory) { r.Product = "swap" }, "product_not_allowed", ""},
		"another pair":          {func(r *request, _ *authorization.Directory) { r.Pair = "EUR/JPY" }, "pair_not_allowed", ""},
		"another account":       {func(r *request, _ *authorization.Directory) { r.Account = "C000900-JPY" }, "account_mismatch", ""},
		"all of them": {func(r *request, _ *authorization.Directory) {
			r.Client, r.Product, r.Pair, r.Amount = "C000902", "swap", "EUR/JPY", dec("1e12")
		}, "client_blocked product_not_allowed pair_not_allowed size_exceeded", ""},
		"providers that are old": {func(_ *request, d *authorization.Directory) { d.Providers.Until = now.Add(-1) }, "old_data", ""},
		"clients that are old":   {func(_ *request, d *authorization.Directory) { d.Clients.Until = now.Add(-1) }, "old_data", ""},
		"accounts that are old": {func(r *request, d *authorization.Directory) {
			r.Account, d.Accounts.Until = "A1", now.Add(-1)
		}, "old_data", ""},
		"no clients":            {func(_ *request, d *authorization.Directory) { d.Clients.Records = nil }, "", "static-data"},
		"an unknown provider":   {func(r *request, _ *authorization.Directory) { r.Provider = "NOBODY" }, "", "provider-active"},
		"a blocked provider":    {func(r *request, _ *authorization.Directory) { r.Provider = "STOPPED" }, "", "provider-active"},
		"an unknown client":     {func(r *request, _ *authorization.Directory) { r.Client = "C999999" }, "", "acts-for"},
		"another's client":      {func(r *request, _ *authorization.Directory) { r.Client = "C000001" }, "", "acts-for"},
		"another's account":     {func(r *request, _ *authorization.Directory) { r.Account = "A2" }, "", "account"},
		"a caller with no list": {func(r *request, _ *authorization.Directory) { r.Caller = &authorization.Caller{User: "U1"} }, "", "static-data"},
	} {
		r, dir := allowed(), directory()
		r.Purpose = authorization.Report
		c.spoil(&r, &dir)
		d := authorization.Authorize(r, dir, now)
		var names []string
		for _, f := range d.Flags {
			if names = append(names, f.Name); f.Text == "" {
				t.Errorf("%s: %s without a text", rule, f.Name)
			}
		}
		if d.Granted != (c.refused == "") || !d.Granted && d.Rule != c.refused || strings.Join(names, " ") != c.flags {
			t.Errorf("%s: %+v", rule, d)
		}
		if d.Granted && (d.Terms.ClientGroup != "G0020" || d.Terms.Desk != "FXS4") {
			t.Errorf("%s: terms %+v", rule, d.Terms)
		}
	}
}

// A final answer to a report is given on data that are recent enough: newer data may know the provider, the client or the mandate.
func TestAReportThatOldDataRefuseIsUndecided(t *testing.T) {
	type request = authorization.Request
	for rule, c := range map[string]struct {
		spoil     func(*request, *authorization.Directory)
		undecided bool
	}{
		"an unknown client":              {func(r *request, _ *authorization.Directory) { r.Client = "C999999" }, false},
		"an unknown client, by old data": {func(r *request, d *authorization.Directory) { r.Client, d.Clients.Until = "C999999", now.Add(-1) }, true},
		"an unknown provider, by old data": {func(r *request, d *authorization.Directory) {
			r.Provider, d.Providers.Until = "NOBODY", now.Add(-1)
		}, true},
		"no providers": {func(_ *request, d *authorization.Directory) { d.Providers.Records = nil }, true},
	} {
		r, dir := allowed(), directory()
		r.Purpose = authorization.Report
		c.spoil(&r, &dir)
		if d := authorization.Authorize(r, dir, now); d.Granted || d.Undecided != c.undecided {
			t.Errorf("%s: %+v", rule, d)
		}
	}
}
