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

	// templateWords are those that have to be gone from a copy.
	templateWords = regexp.MustCompile(`(?i)responsib|assign`)
)

// reserved are the words that PostgreSQL does not take as the name of a role or schema, of those that a name could be
// (appendix C of its manual), and the names that it has itself.
const reserved = `all analyse analyze and any array asc asymmetric authorization binary both case cast check collate collation column
concurrently constraint create cross default deferrable desc distinct else end except false fetch for foreign freeze from full grant
group having ilike initially inner intersect into isnull join lateral leading left like limit localtime localtimestamp natural not
notnull null offset only order outer overlaps placing primary references returning right select similar some symmetric system table
tablesample then trailing true union unique user using variadic verbose when where window with postgres public`

// checkName says why a service cannot have a name. root is the project's.
func checkName(root, name string) error {
	switch {
	case name == "":
		return errUsage
	case !goodName.MatchString(name):
		return fmt.Errorf("%q is no name for a service: it is a folder, a schema and a queue, so take 3 to 20 small letters, such as settlement", name)
	case token.IsKeyword(name) || slices.Contains(strings.Fields(reserved), name) || strings.HasPrefix(name, "pg"):
		return fmt.Errorf("%q is a word of Go or of PostgreSQL: take another name", name)
	case templateWords.MatchString(name):
		return fmt.Errorf("%q has a word of the template in it, which could not be told from what is left of the template: take another name", name)
	}
	return errors.Join(checkFree(root, name), checkNoun(root, name))
}

// checkFree looks for programs and folders of that name.
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

// checkNoun keeps the copy's message from a noun that messages of others have.
func checkNoun(root, name string) error {
	types, err := os.ReadFile(filepath.Join(root, typesFile)) //nolint:gosec // a source file
	if err != nil {
		return err
	}
	if strings.Contains(string(types), `"`+name+".") {
		return fmt.Errorf("there are messages about a %s already: see %s; take another name", name, typesFile)
	}
	return nil
}
