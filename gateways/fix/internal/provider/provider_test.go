package provider_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/schedule"
)

// cheap is "swordfish" at the lowest cost.
const cheap = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$4XQ/tuIlnnPSObzqCv8Y2FZe4GJfi2nnsmNVoiM/s/Q"

const file = `{"providers": [{
	"id": "ALPHA", "begin_string": "FIX.4.4", "sender_comp_id": "ALPHA", "target_comp_id": "FXCORE",
	"user": "alpha", "password_hash": "` + cheap + `", "heartbeat_seconds": 30, "addresses": ["192.0.2.0/24", "2001:db8::/32"],
	"certificate": "", "throttle": {"per_second": 100}, "reset": "never", "dialect": "standard"}, {
	"id": "BETA", "begin_string": "FIXT.1.1", "default_appl_ver_id": "9", "sender_comp_id": "BETA", "target_comp_id": "FXCORE",
	"user": "beta", "password_hash": "` + cheap + `", "dialect": "standard"}]}`

func TestParse(t *testing.T) {
	got, err := provider.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []provider.Provider{{
		Account: providerfile.Account{
			ID: "ALPHA", User: "alpha", PasswordHash: cheap, Throttle: door.Rate{PerSecond: 100, Burst: 100},
			Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
		},
		BeginString: "FIX.4.4", CompID: "ALPHA", OurCompID: "FXCORE",
		MaxHeartbeat: 30 * time.Second, Reset: provider.ResetNever, Dialect: "standard",
	}, {
		Account:     providerfile.Account{ID: "BETA", User: "beta", PasswordHash: cheap},
		BeginString: "FIXT.1.1", DefaultApplVerID: "9", CompID: "BETA", OurCompID: "FXCORE",
		MaxHeartbeat: time.Minute, Reset: provider.ResetOnRequest, Dialect: "standard",
	}}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{}), cmp.Comparer(schedule.Schedule.Same)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What differs between providers is data: hours, resets, cancellation, and a dialect that the file defines.
func TestTheRulesOfASessionAreRead(t *testing.T) {
	own := strings.NewReplacer(
		`"reset": "never", "dialect": "standard"`, `"dialect": "own", "reset": "at_start", "cancel_on_disconnect": {"grace_seconds": 30},
			"schedule": {"zone": "America/New_York", "start": "17:05", "end": "17:00"}`,
		`{"providers"`, `{"dialects": {"own": {"symbols": "EUR-USD", "no_pending": true}}, "providers"`).Replace(file)
	got, err := provider.Parse([]byte(own))
	if err != nil {
		t.Fatal(err)
	}
	p := got[0]
	if p.Reset != provider.ResetAtStart || p.CancelAfter != providerfile.Grace(30*time.Second) || p.Variation.Symbols != "EUR-USD" || p.Schedule.Always() {
		t.Errorf("%+v", p)
	}
	if q := got[1]; q.CancelAfter != 0 || !q.Schedule.Always() || !q.Variation.Standard() {
		t.Errorf("the defaults: %+v", q)
	}
}

func TestTheFaultyKeyIsNamed(t *testing.T) {
	for says, change := range map[string][2]string{
		"providers[0] (alpha): id":                     {`"id": "ALPHA"`, `"id": "alpha"`},
		"providers[1] (ALPHA): id: taken":              {`"id": "BETA"`, `"id": "ALPHA"`},
		"providers[0] (ALPHA): begin_string":           {`"FIX.4.4"`, `"FIX.4.2"`},
		"providers[1] (BETA): default_appl_ver_id":     {`"9"`, `"7"`},
		"providers[0] (ALPHA): sender_comp_id":         {`"sender_comp_id": "ALPHA"`, `"sender_comp_id": "A B"`},
		"providers[0] (ALPHA): target_comp_id":         {`"target_comp_id": "FXCORE"`, `"target_comp_id": ""`},
		"providers[0] (ALPHA): user":                   {`"user": "alpha"`, `"user": ""`},
		"providers[0] (ALPHA): password_hash":          {cheap, "$argon2i$" + cheap},
		"providers[0] (ALPHA): heartbeat_seconds: 601": {`: 30`, `: 601`},
		`providers[0] (ALPHA): addresses: "192.0.2.0"`: {`"192.0.2.0/24"`, `"192.0.2.0"`},
		"providers[0] (ALPHA): throttle.per_second":    {`: 100`, `: -1`},
		"providers[0] (ALPHA): reset":                  {`"never"`, `"daily"`},
		"providers[0] (ALPHA): dialect":                {`"standard"`, `"klingon"`},
		`providers[0] (ALPHA): reset: at_start needs`:  {`"never"`, `"at_start"`},
		`providers[0] (ALPHA): schedule: zone`:         {`"reset": "never"`, `"schedule": {"start": "06:00", "end": "20:00"}`},
		`providers[0] (ALPHA): cancel_on_disconnect`:   {`"reset": "never"`, `"cancel_on_disconnect": {"grace_seconds": 0}`},
		`dialects[own]: account_tag: 7`:                {`{"providers"`, `{"dialects": {"own": {"account_tag": 7}}, "providers"`},
		`dialects[standard]: is a dialect`:             {`{"providers"`, `{"dialects": {"standard": {}}, "providers"`},
		`unknown field "zones"`:                        {`"reset": "never"`, `"schedule": {"zones": "UTC"}`},
		"something follows its end":                    {`}]}`, `}]}{}`},
		`unknown field "begin"`:                        {`"begin_string"`, `"begin"`},
		"providers: 0 entries":                         {file, `{"providers": []}`},
	} {
		_, err := provider.Parse([]byte(strings.Replace(file, change[0], change[1], 1)))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %s", err, says)
		}
		if err != nil && strings.Contains(err.Error(), "4XQ/tuIln") {
			t.Errorf("error shows a hash: %v", err)
		}
	}
}

func TestAllows(t *testing.T) {
	providers, _ := provider.Parse([]byte(file))
	for address, want := range map[string]bool{
		"192.0.2.7": true, "::ffff:192.0.2.7": true, "192.0.3.7": false, "2001:db8::1": true, "2001:db9::1": false,
	} {
		if got := providers[0].Allows(netip.MustParseAddr(address)); got != want {
			t.Errorf("ALPHA from %s: %v, want %v", address, got, want)
		}
		if !providers[1].Allows(netip.MustParseAddr(address)) {
			t.Errorf("BETA has no list and is not let in from %s", address)
		}
	}
}
