package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const project = "../../.."

func TestANameThatCannotBeIsRefusedWithTheReason(t *testing.T) {
	for name, reason := range map[string]string{
		"":                 "name one service",
		"Settlement":       "3 to 20 small letters",
		"be":               "3 to 20 small letters",
		"cash-settlement":  "3 to 20 small letters",
		"../auth":          "3 to 20 small letters",
		"select":           "a reserved word of Go or of PostgreSQL",
		"func":             "a reserved word of Go or of PostgreSQL",
		"public":           "a reserved word of Go or of PostgreSQL",
		"pgdata":           "a reserved word of Go or of PostgreSQL",
		"assigner":         "a word of the template",
		"responsibilities": "a word of the template",
		"auth":             "there is a program auth already",
		"redis":            "there is a program redis already",
		"fixgateway":       "there is a program fix already",
		"contract":         "taken: " + filepath.Join(project, "services/contract"),
		"fxcore":           "taken: " + filepath.Join(project, "scripts/dev/fxcore"),
		"session":          "already messages about a session",
	} {
		if err := checkName(project, name); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q is refused with %v, want %q", name, err, reason)
		}
	}
	if err := checkName(project, "unheardof"); err != nil {
		t.Errorf("unheardof is refused with %v", err)
	}
	if err := run(t.Context(), project, nil); err == nil {
		t.Error("no name was taken")
	}
}

func TestTheReadmeLinksToTheCopy(t *testing.T) {
	files, err := declare(project, "unheardof")
	if err != nil {
		t.Fatal(err)
	}
	const links = "[responsibility](services/responsibility/README.md), [unheardof](services/unheardof/README.md), "
	if !strings.Contains(files["README.md"], links) {
		t.Errorf("README.md has no %q", links)
	}
}

func TestNothingOfTheTemplatesNamesIsLeftInTheCopy(t *testing.T) {
	files, err := copyTemplate(project, "unheardof")
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range files {
		if !strings.HasPrefix(path, "services/unheardof/") {
			t.Errorf("%s is not below services/unheardof", path)
		}
		if err := checkRenamed(path, content); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(files["services/unheardof/main.go"], `run.New("unheardof"`) {
		t.Error("the copy does not run under its name")
	}
	publications := files["services/unheardof/internal/messages/publications.go"]
	if !strings.Contains(publications, "contract.UnheardofAllotted") || !strings.Contains(publications, "WithoutReaders()") {
		t.Errorf("the copy publishes\n%s", publications)
	}
	if readme := files["services/unheardof/README.md"]; !strings.Contains(readme, made) || strings.Count(readme, "template") != strings.Count(made, "template") {
		t.Errorf("the copy's README is\n%s", readme)
	}
}

func TestAWordThatTheRulesLackIsNamedWithItsPlace(t *testing.T) {
	err := checkRenamed("services/unheardof/main.go", "package main\n\nvar reassignable = true\n")
	if err == nil || !strings.Contains(err.Error(), `services/unheardof/main.go:3 still says "assign"`) {
		t.Errorf("content: %v", err)
	}
	if err := checkRenamed("services/unheardof/assignee.go", "package main\n"); err == nil {
		t.Error("a path with the template's word was taken")
	}
}

// The copied project has no go.mod, so nothing in it can build.
func TestAFailureLeavesTheTreeAsItWas(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{
		"services/" + template, "services/contract", listFile, flowsFile, readmeFile, "docs/messages.md", "stack/rabbitmq/definitions.json", "stack/rabbitmq/publishers.json",
	} {
		copyTo(t, root, path)
	}
	before := content(t, root)
	if err := run(t.Context(), root, []string{"unheardof"}); err == nil || !strings.Contains(err.Error(), "go vet") {
		t.Fatalf("it ended with %v, want an error of go vet", err)
	}
	if diff := cmp.Diff(before, content(t, root)); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(filepath.Join(root, flowsFile), []byte("*: trade.requested\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before = content(t, root)
	if err := run(t.Context(), root, []string{"unheardof"}); err == nil || !strings.Contains(err.Error(), flowsFile+": no flow leads to "+published) {
		t.Fatalf("it ended with %v, want an error that names the file", err)
	}
	if diff := cmp.Diff(before, content(t, root)); diff != "" {
		t.Error(diff)
	}
}

func copyTo(t *testing.T, root, path string) {
	t.Helper()
	from, to := filepath.Join(project, path), filepath.Join(root, path)
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if info.IsDir() {
		err = os.CopyFS(to, os.DirFS(from))
	} else {
		var text []byte
		if text, err = os.ReadFile(from); err == nil {
			err = os.WriteFile(to, text, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// content returns the text of every file and folder below root.
func content(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			all[path] = "a folder"
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // in a test's own folder
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
