package fleet_test

import (
	"slices"
	"strings"
	"testing"

	"fxcore/scripts/internal/deployment"
	"fxcore/scripts/internal/programs"
)

// onlyHere are settings that a stack does without, or gives by itself, and why.
func onlyHere() map[string]string {
	return map[string]string{
		"FAILOVER_URL":  "is for the command of on-call on this machine",
		"FAILOVER_ADDR": "the page without TLS, stays on loopback in a stack",
	}
}

// A setting that make run gives to a program and a stack does not, or the other way round, is found here and not at night.
func TestAStackGivesEachProgramTheSettingsThatMakeRunGives(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	staging := deployment.Profiles()[1]
	for _, p := range programs.Ours() {
		s, err := f.Service(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := f.Settings(s)
		if err != nil {
			t.Fatal(err)
		}
		if s.Each != nil {
			lines = append(lines, s.Each(1)...)
		}
		here := map[string]bool{"REPLICA": true, "HEALTH_ADDR": true, "GOMEMLIMIT": true, "OPENID_ISSUER": true, "OPENID_CLIENT_ID": true}
		in := map[string]bool{}
		for name := range deployment.Settings(p, staging) {
			in[strings.TrimSuffix(name, "_FILE")] = true
		}
		for _, line := range lines {
			name, _, _ := strings.Cut(line, "=")
			name = strings.TrimSuffix(name, "_FILE")
			here[name] = true
			if !in[name] && onlyHere()[name] == "" {
				t.Errorf("a stack does not give %s to %s: add it to scripts/internal/deployment", name, p.Name)
			}
		}
		for name := range in {
			if !here[name] {
				t.Errorf("make run does not give %s to %s", name, p.Name)
			}
		}
		if p.Kind == programs.Gateway && !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "PROXY_FROM=") }) {
			t.Errorf("%s believes everybody", p.Name)
		}
	}
}
