package main

import (
	"errors"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"fxcore/scripts/internal/programs"
)

var (
	goodName = regexp.MustCompile(`^[a-z]{3,20}$`)

	// templateWords must not be left in a copy.
	templateWords = regexp.MustCompile(`(?i)responsib|assign`)
)

// reserved are the words that PostgreSQL rejects as the name of a role or schema (appendix C of its manual), as far
// as goodName allows them, and the names that it uses itself.
const reserved = `all analyse analyze and any array asc asymmetric authorization binary both case cast check collate collation column
concurrently constraint create cross default deferrable desc distinct else end except false fetch for foreign freeze from full grant
group having ilike initially inner intersect into isnull join lateral leading left like limit localtime localtimestamp natural not
notnull null offset only order outer overlaps placing primary references returning right select similar some symmetric system table
tablesample then trailing true union unique user using variadic verbose when where window with postgres public`

// checkName returns an error that says why a service cannot have this name. root is the project's root.
func checkName(root, name string) error {
	switch {
	case name == "":
		return errUsage
	case !goodName.MatchString(name):
		return fmt.Errorf("%q cannot be a service's name, which is also a folder, a schema and a queue: "+
			"take 3 to 20 small letters, such as settlement", name)
	case token.IsKeyword(name) || slices.Contains(strings.Fields(reserved), name) || strings.HasPrefix(name, "pg"):
		return fmt.Errorf("%q is a reserved word of Go or of PostgreSQL: take another name", name)
	case templateWords.MatchString(name):
		return fmt.Errorf("%q contains a word of the template, so the check for leftovers of the template would fail: "+
			"take another name", name)
	}
	return errors.Join(checkFree(root, name), checkNoun(root, name))
}

// checkFree returns an error if a program or folder has that name.
func checkFree(root, name string) error {
	for _, p := range programs.All() {
		if name == p.Name || name == p.Role {
			return fmt.Errorf("there is a program %s already: see scripts/internal/programs/list.go", p.Name)
		}
	}
	for _, pattern := range []string{"services/", "gateways/", "scripts/*/"} {
		found, err := filepath.Glob(filepath.Join(root, pattern+name))
		if err != nil || len(found) > 0 {
			return errors.Join(err, fmt.Errorf("the name %s is taken: %s", name, strings.Join(found, ", ")))
		}
	}
	return nil
}

// checkNoun returns an error if another service's messages have the name as their noun.
func checkNoun(root, name string) error {
	types, err := os.ReadFile(filepath.Join(root, typesFile)) //nolint:gosec // a source file
	if err != nil {
		return err
	}
	if strings.Contains(string(types), `"`+name+".") {
		return fmt.Errorf("there are already messages about a %s: see %s; take another name", name, typesFile)
	}
	return nil
}
