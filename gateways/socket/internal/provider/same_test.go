package provider_test

import (
	"net/netip"
	"reflect"
	"testing"

	"fxcore/gateways/socket/internal/provider"
)

// Each field that differs is found, and ends the session only where it must. A field without a rule here fails the test.
func TestEachFieldThatDiffersIsFound(t *testing.T) {
	type rule struct {
		change func(*provider.Provider)
		goesOn bool
	}
	rules := map[string]rule{
		"User":         {func(p *provider.Provider) { p.User = "x" }, true},
		"PasswordHash": {func(p *provider.Provider) { p.PasswordHash = "x" }, true},
		"Addresses":    {func(p *provider.Provider) { p.Addresses = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} }, true},
		"Certificate":  {func(p *provider.Provider) { p.Certificate = "x" }, true},
		"ShowsLimits":  {func(p *provider.Provider) { p.ShowsLimits = true }, false},
		"PlainText":    {func(p *provider.Provider) { p.PlainText = true }, true},
		"Throttle":     {func(p *provider.Provider) { p.Throttle.Burst = 7 }, true},
		"CancelAfter":  {func(p *provider.Provider) { p.CancelAfter = 5 }, false},
		"Session":      {func(p *provider.Provider) { p.Session = 2 }, false},
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[provider.Provider]()) {
		rule, known := rules[field.Name]
		if !known {
			if field.Name != "ID" && !field.Anonymous {
				t.Errorf("%s has no rule here", field.Name)
			}
			continue
		}
		var before, after provider.Provider
		rule.change(&after)
		if session, door := before.SameSession(after), before.SameDoor(after); session != rule.goesOn || door == rule.goesOn {
			t.Errorf("%s: the same session: %t, door: %t", field.Name, session, door)
		}
	}
}
