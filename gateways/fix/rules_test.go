package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit/sample"
)

// The session rules of FIX 4.4 and 5.0SP2, one script each: raw messages to one running gateway with its store. Each script has a
// provider of its own, and so a session of its own.
func TestSessionRulesAsScripts(t *testing.T) {
	t.Parallel()
	scripts := readScripts(t)
	id := func(i int, version string) string { return fmt.Sprintf("RULE%03d-%s", i, version) }
	var providers []string
	for i, s := range scripts {
		more := ""
		if s.reset != "" {
			more = fmt.Sprintf(`,"reset":%q`, s.reset)
		}
		for _, version := range s.versions() {
			providers = append(providers, providerEntry(id(i, version), more))
		}
	}
	g := startGateway(t, "FIX_PROVIDERS="+gatewaytest.ProvidersOf(providers...), "FIX_LOGON_TIMEOUT=4s", "FIX_MAX_MESSAGE_BYTES=4096")
	gatewaytest.StartCore(t, g.Broker)
	for i, s := range scripts {
		for _, version := range s.versions() {
			t.Run(s.name+"/"+version, func(t *testing.T) {
				t.Parallel()
				s.play(t, g, id(i, version))
			})
		}
	}
}

// The table in the README shows what the folder has.
func TestTheTableOfRules(t *testing.T) {
	const begin, end = "<!-- table of rules: UPDATE_SAMPLES=1 go test ./gateways/fix -run TableOfRules -->\n", "<!-- end of table -->\n"
	sample.IsOnPage(t, filepath.Join(rulesFolder, "README.md"), begin, end, tableOfRules(readScripts(t)))
}

func tableOfRules(scripts []script) string {
	var b strings.Builder
	b.WriteString("\n| script | rule | source | version |\n| --- | --- | --- | --- |\n")
	for _, s := range scripts {
		version := s.only
		if version == "" {
			version = "both"
		}
		fmt.Fprintf(&b, "| [%s](%s.fix) | %s | %s | %s |\n", s.name, s.name, s.says, s.source, version)
	}
	return b.String() + "\n"
}
