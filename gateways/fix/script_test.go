package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rulesFolder holds the scripts; its README.md says how they are written.
const rulesFolder = "testdata/session"

// script is one session rule: the messages that a provider sends, and those that it must get.
type script struct {
	name   string // of the file, without its ending
	says   string // the rule, in one line
	source string // where the rule is from
	only   string // the version it is for, empty for both
	reset  string // the provider's reset setting
	steps  []step
}

// step is one line of a script.
type step struct {
	line int
	conn string // "", or the number of a further connection
	verb string
	text string
}

var (
	stepForm   = regexp.MustCompile(`^([2-9]?)(-|x|>|raw>|<x|<|until)(?: +(.+))?$`)
	pauseForm  = regexp.MustCompile(`^(silence) (\S+)$`)
	settingsOf = regexp.MustCompile(`^(only|reset): (4\.4|5\.0SP2|never)$`)
)

// readScripts reads the folder, in the order of the names.
func readScripts(t *testing.T) []script {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(rulesFolder, "*.fix"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts, error %v", len(files), err)
	}
	slices.Sort(files)
	scripts := make([]script, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // one of ours
		if err != nil {
			t.Fatal(err)
		}
		s := &scripts[i]
		s.name = strings.TrimSuffix(filepath.Base(file), ".fix")
		for n, line := range strings.Split(string(text), "\n") {
			if err := s.read(n+1, strings.TrimSpace(line)); err != nil {
				t.Fatalf("%s:%d: %v", file, n+1, err)
			}
		}
		if s.says == "" || s.source == "" || len(s.steps) == 0 {
			t.Fatalf("%s: want a comment with the rule, one with its source, and steps", file)
		}
	}
	return scripts
}

func (s *script) read(n int, line string) error {
	if comment, isComment := strings.CutPrefix(line, "# "); isComment {
		if source, isSource := strings.CutPrefix(comment, "source: "); isSource {
			s.source = source
		} else if s.says == "" {
			s.says = comment
		}
		return nil
	}
	if line == "" {
		return nil
	}
	if m := settingsOf.FindStringSubmatch(line); m != nil {
		if m[1] == "only" {
			s.only = m[2]
		} else {
			s.reset = m[2]
		}
		return nil
	}
	if m := stepForm.FindStringSubmatch(line); m != nil {
		if message := slices.Contains([]string{">", "raw>", "<", "until"}, m[2]); message != (m[3] != "") {
			return fmt.Errorf("%q: a message must follow >, raw> and <, and nothing else", line)
		}
		s.steps = append(s.steps, step{n, m[1], m[2], m[3]})
		return nil
	}
	if m := pauseForm.FindStringSubmatch(line); m != nil {
		s.steps = append(s.steps, step{n, "", m[1], m[2]})
		return nil
	}
	return fmt.Errorf("%q is no line of a script", line)
}

// versions returns the endings of the ids of the providers for which the script is played.
func (s *script) versions() []string {
	switch s.only {
	case "4.4":
		return []string{"44"}
	case "5.0SP2":
		return []string{"50"}
	}
	return []string{"44", "50"}
}
