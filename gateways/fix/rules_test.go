package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the table of rules into "+rulesFolder+"/README.md")

// The session rules of FIX 4.4 and 5.0SP2, one script each, raw messages against one running gateway on its store. Each
// script has a provider, and so a session, of its own.
func TestSessionRulesAsScripts(t *testing.T) {
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

// The table in the README is what the folder holds.
func TestTheTableOfRules(t *testing.T) {
	const begin, end = "<!-- table of rules: written by go test ./gateways/fix -run TableOfRules -update -->\n", "<!-- end of table -->\n"
	path := filepath.Join(rulesFolder, "README.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(page), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the table", path)
	}
	want := before + begin + tableOfRules(readScripts(t)) + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(page)); diff != "" {
		t.Errorf("%s is not as the folder is; run the test with -update:\n%s", path, diff)
	}
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
