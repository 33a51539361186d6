package structure_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "fxcore/"

// Go's internal folders and the linter forbid a service to import another service's packages. This test also finds a
// dependency through a third package.
func TestServicesKnowMessagesNotEachOther(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./services/...", "./gateways/...", "./lambda/...") {
		part := partOf(p.ImportPath)
		for _, dependency := range p.Deps {
			if other := partOf(dependency); other != "" && !mayKnow(part, other) {
				t.Errorf("%s depends on %s: services exchange messages and never import each other (docs/adr)",
					p.ImportPath, dependency)
			}
		}
	}
}

// mayKnow reports whether a package of one part may depend on another part: on its own part, on lambda and on the
// contract; a service also on what services share; a gateway on the clock and on what gateways share. Nothing may depend on scripts.
func mayKnow(part, other string) bool {
	switch other {
	case part, "lambda", "services/contract":
		return part != ""
	case "services/market", "services/jobs", "services/web", "services/signin", "services/pages":
		return strings.HasPrefix(part, "services/")
	case "services/clock":
		return strings.HasPrefix(part, "services/") || strings.HasPrefix(part, "gateways/")
	case "gateways/internal":
		return strings.HasPrefix(part, "gateways/")
	}
	return false
}

// partOf returns the part that a package belongs to: one service, one gateway, one tool, or lambda. It is empty for a
// package of another module.
func partOf(path string) string {
	rest, ours := strings.CutPrefix(path, module)
	if !ours {
		return ""
	}
	elements := strings.Split(rest, "/")
	if elements[0] == "lambda" || len(elements) == 1 {
		return elements[0]
	}
	return elements[0] + "/" + elements[1]
}

type goPackage struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

// list asks the go command about packages. A pattern without packages is no error.
func list(t *testing.T, patterns ...string) []goPackage {
	t.Helper()
	arguments := append([]string{"list", "-e", "-json=ImportPath,Name,Dir,GoFiles,Imports,Deps"}, patterns...)
	command := exec.CommandContext(t.Context(), "go", arguments...) //nolint:gosec // patterns of our own
	command.Dir = "../../.."
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list found nothing: the test would prove nothing")
	}
	return all
}
