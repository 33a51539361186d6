package main

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"
)

const prefix = "SOCKET"

func TestMain(m *testing.M) { gatewaytest.Main(m, prefix, main) }

// providersFile has a few providers, all with the password "secret"; the user is the id in lower case.
func providersFile() string {
	var entries []string
	for _, id := range []string{"ALPHA", "BETA", "GAMMA", "DELTA", "ECHO"} {
		entries = append(entries, providerEntry(id, ""))
	}
	entries = append(entries, providerEntry("FAR", `,"addresses":["192.0.2.0/24"]`), providerEntry("CERT", `,"certificate":"certified.example"`),
		providerEntry("SLOW", `,"throttle":{"per_second":20,"burst":5}`))
	return gatewaytest.ProvidersOf(entries...)
}

// providerEntry is a provider with more keys.
func providerEntry(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"user":%q,"password_hash":%q%s}`, id, strings.ToLower(id), gatewaytest.CheapHash, more)
}

func newGateway(t testing.TB, settings ...string) *gatewaytest.Gateway {
	t.Helper()
	return gatewaytest.New(t, prefix, providersFile(), settings...)
}

func startGateway(t testing.TB, settings ...string) *gatewaytest.Gateway {
	t.Helper()
	g := newGateway(t, append([]string{gatewaytest.Unhurried}, settings...)...)
	g.Start()
	return g
}

func startPair(t testing.TB, provider string) *gatewaytest.Pair {
	t.Helper()
	return gatewaytest.StartPair(t, newGateway, provider)
}
