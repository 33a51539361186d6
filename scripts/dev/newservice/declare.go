package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The files outside the service's folder that name a service.
const (
	listFile    = "scripts/internal/programs/list.go"
	typesFile   = "services/contract/types.go"
	routingFile = "services/contract/routing.go"
	flowsFile   = "scripts/dev/docs/flows.txt"
	readmeFile  = "README.md"
)

// declare returns the edited files that name the new service, by path from the root.
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

// twinLine finds the one line that contains a text and adds a copy of it with the new service's words. It is an error
// if several lines contain the text, or none.
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

// typed adds the copy's message type, and adds it to the list of types.
func typed(content, name string) (string, error) {
	named, err := twinLine(`"`+published+`"`)(content, name)
	if err != nil {
		return "", err
	}
	return twinLine("\t\tTradeAssigned,")(named, name)
}

// route adds the copy's noun to the exchange that carries the template's message.
func route(content, name string) (string, error) {
	noun, _, _ := strings.Cut(published, ".")
	nouns := regexp.MustCompile(`(case (?:"[a-z]+", )*"` + noun + `"(?:, "[a-z]+")*):`)
	if !nouns.MatchString(content) {
		return "", fmt.Errorf("no case has the noun %q", noun)
	}
	return nouns.ReplaceAllString(content, `$1, "`+name+`":`), nil
}

// flow adds a flow: the message that leads to the template's message leads to the copy's, too.
func flow(content, name string) (string, error) {
	cause := regexp.MustCompile(`(?m)^(\S+):.*\s` + regexp.QuoteMeta(published) + `(\s|$)`).FindStringSubmatch(content)
	if cause == nil {
		return "", errors.New("no flow leads to " + published)
	}
	return fmt.Sprintf("%s\n# %s.\n%s: %s\n", content, title(name), cause[1], names(name).Replace(published)), nil
}

// row adds a link to the copy to the list of services in the README, after the link to the template.
func row(content, name string) (string, error) {
	link := fmt.Sprintf("[%s](services/%[1]s/README.md)", template)
	if strings.Count(content, link) != 1 {
		return "", errors.New("the row `services/<name>` does not link to " + template)
	}
	return strings.Replace(content, link, fmt.Sprintf("%s, [%s](services/%[2]s/README.md)", link, name), 1), nil
}
