package structure_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	migrations = regexp.MustCompile(`go:embed migrations/\*\.sql( facts\.txt)?`)
	tableStep  = regexp.MustCompile(`(?im)^\s*(?:create(?: unlogged)? table(?: if not exists)? (\w+)( partition of)?|drop table(?: if exists)? (\w+)|alter table (\w+) rename to (\w+))`)
	decided    = regexp.MustCompile(`(?m)^([a-z_]+)(?: rewritten: .*| update\(.*| forget\(.*)?$`)
)

// Each table of each schema is decided: its rows are facts, or the program rewrites them, and the line says why it may. A program's role can only
// read a table of which facts.txt says nothing.
func TestEveryTableIsDecided(t *testing.T) {
	t.Parallel()
	found := 0
	for _, folder := range migrationFolders(t) {
		if folder == "../../../lambda/postgres/migrations" {
			continue // the owner's own table, which no role writes
		}
		found++
		set := filepath.Dir(folder)
		tables, lines := tablesOf(t, folder), linesOf(t, set)
		for _, name := range tables {
			if !slices.Contains(lines, name) {
				t.Errorf("%s/facts.txt does not say whether the rows of %s are facts", set, name)
			}
		}
		for _, name := range lines {
			if !slices.Contains(tables, name) {
				t.Errorf("%s/facts.txt tells of %s, which is no table of these migrations, or tells of it twice", set, name)
			}
			tables = slices.DeleteFunc(tables, func(one string) bool { return one == name })
		}
		embedded := migrations.FindStringSubmatch(source(t, strings.TrimPrefix(set, "../../../")))
		if embedded == nil || embedded[1] == "" {
			t.Errorf("%s does not embed facts.txt with its migrations", set)
		}
	}
	if found < 15 {
		t.Errorf("%d sets of migrations were found", found)
	}
}

func migrationFolders(t *testing.T) (folders []string) {
	t.Helper()
	for _, root := range []string{"../../../services", "../../../gateways", "../../../lambda"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "migrations" {
				folders = append(folders, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return folders
}

// tablesOf returns the tables that are there after all migrations of a folder. A part of a table has the rights of the whole.
func tablesOf(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no migrations, %v", folder, err)
	}
	slices.Sort(files)
	var tables []string
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a file of the project
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		for _, step := range tableStep.FindAllStringSubmatch(up, -1) {
			created, part, dropped, from, to := step[1], step[2], step[3], step[4], step[5]
			gone := dropped + from
			tables = slices.DeleteFunc(tables, func(one string) bool { return one == gone })
			if made := created + to; made != "" && part == "" {
				tables = append(tables, made)
			}
		}
	}
	return tables
}

func linesOf(t *testing.T, set string) (names []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(set, "facts.txt"))
	if err != nil {
		t.Error(err)
	}
	for _, line := range decided.FindAllStringSubmatch(string(text), -1) {
		names = append(names, line[1])
	}
	return names
}
