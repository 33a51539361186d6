package structure_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The linters keep every package of a service pure, except for a list. A package that has become pure must leave the
// list, so that it stays pure.
func TestTheLintersExceptNoPurePackage(t *testing.T) {
	t.Parallel()
	packages := servicePackages(t)
	for _, path := range exceptions(t, regexp.MustCompile(`- "!\*\*/(services/[a-z]+/internal/[a-z]+)/\*\*"`)) {
		p, known := packages[path]
		switch {
		case !known:
			t.Errorf(".golangci.yml, rule domain: %s is gone: remove its line", path)
		case !slices.ContainsFunc(p.Imports, impure):
			t.Errorf(".golangci.yml, rule domain: %s is pure: remove its line, so that it stays so", path)
		}
	}
}

func TestTheLintersExceptNoPackageThatIsHandedTheTime(t *testing.T) {
	t.Parallel()
	packages := servicePackages(t)
	rule := exceptions(t, regexp.MustCompile(`- path: \^services/\(([a-z/|]+)\)/\n\s+linters: \[forbidigo\]`))
	for _, name := range strings.Split(rule[0], "|") {
		p, known := packages["services/"+name]
		switch {
		case !known:
			t.Errorf(".golangci.yml, forbidigo: services/%s is gone: remove it", name)
		case !readsClock(t, p):
			t.Errorf(".golangci.yml, forbidigo: services/%s reads no clock: remove it, so that it stays so", name)
		}
	}
}

// exceptions returns the names that a pattern finds in the linters' configuration.
func exceptions(t *testing.T, pattern *regexp.Regexp) (found []string) {
	t.Helper()
	content, err := os.ReadFile("../../../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range pattern.FindAllStringSubmatch(string(content), -1) {
		found = append(found, match[1])
	}
	if len(found) == 0 {
		t.Fatalf(".golangci.yml has no line like %s: the test would prove nothing", pattern)
	}
	return found
}

// servicePackages returns the packages of services, by folder.
func servicePackages(t *testing.T) map[string]goPackage {
	t.Helper()
	all := map[string]goPackage{}
	for _, p := range list(t, "./services/...") {
		all[strings.TrimPrefix(p.ImportPath, module)] = p
	}
	return all
}

// impure reports whether the rule domain denies an import.
func impure(path string) bool {
	for _, denied := range []string{"fxcore/lambda", "github.com/jackc", "github.com/redis", "encoding/json", "database/sql", "log/slog", "net", "os"} {
		if path == denied || strings.HasPrefix(path, denied+"/") {
			return true
		}
	}
	return false
}

// readsClock reports whether the package names a function that reads the clock, as forbidigo's pattern in
// .golangci.yml lists them.
func readsClock(t *testing.T, p goPackage) bool {
	t.Helper()
	clock := regexp.MustCompile(`^(Now|Since|Until|Sleep|After|Tick|NewTimer|NewTicker)$`)
	reads := false
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				of, named := s.X.(*ast.Ident)
				reads = reads || named && of.Name == "time" && clock.MatchString(s.Sel.Name)
			}
			return true
		})
	}
	return reads
}
