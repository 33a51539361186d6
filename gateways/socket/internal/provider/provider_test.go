package provider_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/socket/internal/messages"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

// cheap is "swordfish" at the lowest cost.
const cheap = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$4XQ/tuIlnnPSObzqCv8Y2FZe4GJfi2nnsmNVoiM/s/Q"

const file = `{"providers": [{
	"id": "ALPHA", "user": "alpha", "password_hash": "` + cheap + `", "addresses": ["192.0.2.0/24", "2001:db8::/32"],
	"certificate": "alpha.example", "throttle": {"per_second": 100}, "session": 7}, {
	"id": "BETA", "user": "beta", "password_hash": "` + cheap + `"}]}`

func TestParse(t *testing.T) {
	got, err := provider.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []provider.Provider{{Account: providerfile.Account{
		ID: "ALPHA", User: "alpha", PasswordHash: cheap, Certificate: "alpha.example",
		Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
		Throttle:  door.Rate{PerSecond: 100, Burst: 100},
	}, Session: 7}, {Account: providerfile.Account{ID: "BETA", User: "beta", PasswordHash: cheap}, Session: 1}}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for address, allowed := range map[string]bool{"192.0.2.7": true, "::ffff:192.0.2.7": true, "198.51.100.1": false} {
		if got[0].Allows(netip.MustParseAddr(address)) != allowed || !got[1].Allows(netip.MustParseAddr(address)) {
			t.Errorf("%s", address)
		}
	}
}

func TestTheFaultyKeyIsNamed(t *testing.T) {
	for says, change := range map[string][2]string{
		"providers[0] (alpha): id":                     {`"id": "ALPHA"`, `"id": "alpha"`},
		"providers[1] (ALPHA): id: taken":              {`"id": "BETA"`, `"id": "ALPHA"`},
		"providers[1] (BETA): user: taken":             {`"user": "beta"`, `"user": "alpha"`},
		"providers[0] (ALPHA): user: want":             {`"user": "alpha"`, `"user": "toolong"`},
		"providers[1] (BETA): user: want":              {`"user": "beta"`, `"user": "be ta"`},
		"providers[0] (ALPHA): password_hash":          {cheap, "$argon2i$" + cheap},
		`providers[0] (ALPHA): addresses: "192.0.2.0"`: {`"192.0.2.0/24"`, `"192.0.2.0"`},
		"providers[0] (ALPHA): throttle.per_second":    {`: 100`, `: -1`},
		"providers[0] (ALPHA): session":                {`: 7`, `: 1000000000`},
		"providers[0] (ALPHA): cancel_on_disconnect":   {`"session": 7`, `"cancel_on_disconnect": {"grace_seconds": 0}`},
		"provider file: json: unknown field":           {`"session"`, `"sesion"`},
		"provider file: something follows":             {`]}`, `]}{}`},
	} {
		changed := strings.Replace(file, change[0], change[1], 1)
		if _, err := provider.Parse([]byte(changed)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %s", err, says)
		} else if strings.Contains(err.Error(), "4XQ") {
			t.Errorf("it shows a hash: %v", err)
		}
	}
	if _, err := provider.Parse([]byte(`{"providers": []}`)); err == nil {
		t.Error("nobody is fine")
	}
}

// The key cancel_on_disconnect is accepted where the gateway publishes what it asks for, and else refused.
func TestAnAbsenceIsCountedOnlyWhereItIsTold(t *testing.T) {
	published := slices.ContainsFunc(messages.Topology().Publishes, func(p amqp.Publication) bool { return p.Type == contract.SessionEnded })
	_, err := provider.Parse([]byte(strings.Replace(file, `"session": 7`, `"cancel_on_disconnect": {"grace_seconds": 30}`, 1)))
	if accepted := err == nil; accepted != published {
		t.Errorf("the key is accepted: %t (%v), the event is published: %t", accepted, err, published)
	}
}
