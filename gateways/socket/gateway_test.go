package main

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"
)

const prefix = "SOCKET"

// These make gateways with the providers of providersFile.
var (
	usual        = gatewaytest.Kind{Prefix: prefix, Providers: providersFile}
	startGateway = usual.Start
	startPair    = usual.StartPair
)

func TestMain(m *testing.M) { gatewaytest.Main(m, prefix, main) }

// providersFile returns a provider file with a few providers. All have the password "secret". The user is the id in lower case.
func providersFile() string {
	var entries []string
	for _, id := range []string{"ALPHA", "BETA", "GAMMA", "DELTA", "ECHO"} {
		entries = append(entries, providerEntry(id, ""))
	}
	entries = append(entries, providerEntry("FAR", `,"addresses":["192.0.2.0/24"]`), providerEntry("CERT", `,"certificate":"certified.example"`),
		providerEntry("SLOW", `,"throttle":{"per_second":20,"burst":5}`))
	return gatewaytest.ProvidersOf(entries...)
}

// providerEntry returns a provider with more keys.
func providerEntry(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"user":%q,"password_hash":%q,"plain_text":true,"shows_limits":true%s}`, id, strings.ToLower(id), gatewaytest.CheapHash, more)
}
