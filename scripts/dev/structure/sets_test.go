package structure_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fxcore/scripts/internal/programs"
)

// How code names a set of the mainframe's data that it reads, by a literal or by a constant.
var (
	follows  = regexp.MustCompile(`mirror\.New\([^,]+, ("[a-z]+"|setName)`)
	constant = regexp.MustCompile(`setName\s*=\s*("[a-z]+")`)
)

// A program's user in Redis can read the sets of its line in the list, and no other. A set too few would stop the program, one too many
// would give away what it has no use for.
func TestTheListNamesTheSetsThatEachProgramReads(t *testing.T) {
	t.Parallel()
	packages := map[string]goPackage{}
	for _, p := range list(t, "./...") {
		packages[p.ImportPath] = p
	}
	for _, p := range programs.Ours() {
		if !p.Uses(programs.Redis) && len(p.Sets) == 0 {
			continue // it imports a package that could read sets, and has no Redis
		}
		all := append([]string{module + p.Folder}, packages[module+p.Folder].Deps...)
		var reads []string
		quotes := false
		for _, path := range all {
			if !strings.HasPrefix(path, module) {
				continue
			}
			text := source(t, strings.TrimPrefix(path, module))
			quotes = quotes || strings.Contains(text, ".WithQuotes(")
			for _, found := range follows.FindAllStringSubmatch(text, -1) {
				name := found[1]
				if name == "setName" {
					name = constant.FindStringSubmatch(text)[1]
				}
				reads = append(reads, strings.Trim(name, `"`))
			}
		}
		slices.Sort(reads)
		reads = slices.Compact(reads)
		if !quotes { // the feed has them only for who asks
			reads = slices.DeleteFunc(reads, func(set string) bool { return set == "quotes" })
		}
		if !slices.Equal(reads, p.Sets) {
			t.Errorf("%s reads the sets %q and its line says %q: correct scripts/internal/programs/list.go", p.Name, reads, p.Sets)
		}
	}
}

// source returns the code of a package without its tests.
func source(t *testing.T, folder string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../../..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
