package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Where a service is named, beside its own folder.
const (
	listFile    = "scripts/internal/programs/list.go"
	typesFile   = "services/contract/types.go"
	routingFile = "services/contract/routing.go"
	flowsFile   = "scripts/dev/docs/flows.txt"
	readmeFile  = "README.md"
)

// declare returns the files in which the copy is named, with its name in them, by path from the root.
func declare(root, name string) (map[string]string, error) {
	files := map[string]string{}
	for file, edit := range map[string]func(content, name string) (string, error){
		listFile: twinLine(`"` + template + `"`), typesFile: typed, routingFile: route, flowsFile: flow, readmeFile: row,
	} {
		content, err := os.ReadFile(filepath.Join(root, file)) //nolint:gosec // a source file
		if err != nil {
			return nil, err
		}
		edited, err := edit(string(content), name)
		if err == nil && strings.HasSuffix(file, ".go") {
			edited, err = formatted(edited)
		}
		if err != nil {
			return nil, fmt.Errorf("name the service in %s: %w", file, err)
		}
		files[file] = edited
	}
	return files, nil
}

// twinLine adds after the line that has a text the same line with the copy's words.
func twinLine(text string) func(content, name string) (string, error) {
	return func(content, name string) (string, error) {
		lines := regexp.MustCompile(`(?m)^.*`+regexp.QuoteMeta(text)+`.*\n`).FindAllString(content, -1)
		if len(lines) != 1 {
			return "", fmt.Errorf("%d lines have %s, want one to copy", len(lines), text)
		}
		twin := names(name).Replace(lines[0])
		return strings.Replace(content, lines[0], lines[0]+twin, 1), checkRenamed("the new line", twin)
	}
}

// typed names the copy's type and lists it, each time after the template's.
func typed(content, name string) (string, error) {
	named, err := twinLine(`"`+published+`"`)(content, name)
	if err != nil {
		return "", err
	}
	return twinLine("\t\tTradeAssigned,")(named, name)
}

// route has the exchange that carries the template's message carry the copy's.
func route(content, name string) (string, error) {
	noun, _, _ := strings.Cut(published, ".")
	nouns := regexp.MustCompile(`(case (?:"[a-z]+", )*"` + noun + `"(?:, "[a-z]+")*):`)
	if !nouns.MatchString(content) {
		return "", fmt.Errorf("no case has the noun %q", noun)
	}
	return nouns.ReplaceAllString(content, `$1, "`+name+`":`), nil
}

// flow says what leads to the copy's message: what leads to the template's.
func flow(content, name string) (string, error) {
	cause := regexp.MustCompile(`(?m)^(\S+):.*\s` + regexp.QuoteMeta(published) + `(\s|$)`).FindStringSubmatch(content)
	if cause == nil {
		return "", errors.New("no flow leads to " + published)
	}
	return fmt.Sprintf("%s\n# %s.\n%s: %s\n", content, title(name), cause[1], names(name).Replace(published)), nil
}

// row adds the copy to the README's row of services.
func row(content, name string) (string, error) {
	services := regexp.MustCompile("(?m)^(\\| `services/<name>` \\|.*\\b" + template + ")\\b")
	if !services.MatchString(content) {
		return "", errors.New("the row `services/<name>` does not name " + template)
	}
	return services.ReplaceAllString(content, "${1}, "+name), nil
}
