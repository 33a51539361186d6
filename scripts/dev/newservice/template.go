package main

import (
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// copyTemplate returns the files of the copy, by path from the root.
func copyTemplate(root, name string) (map[string]string, error) {
	files, renamed := map[string]string{}, names(name)
	folder := path.Join("services", template)
	err := fs.WalkDir(os.DirFS(root), folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(root, file)) //nolint:gosec // a source file
		if err != nil {
			return err
		}
		to := renamed.Replace(file)
		files[to], err = copyOf(to, renamed.Replace(string(content)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", folder, err)
	}
	return files, nil
}

// copyOf returns the final content of a file whose words are already replaced. It marks the messages in a Go file as
// unread and formats it; it edits a README. Error: a word of the template is left.
func copyOf(file, content string) (string, error) {
	var err error
	switch {
	case strings.HasSuffix(file, ".go"):
		content, err = formatted(publishUnread(content))
	case path.Base(file) == "README.md":
		content, err = readme(content)
	}
	return content, errors.Join(err, checkRenamed(file, content))
}

// formatted returns Go source in gofmt's form. Renaming changes the length and the order of names.
func formatted(content string) (string, error) {
	source, err := format.Source([]byte(content))
	return string(source), err
}

var publication = regexp.MustCompile(`(?m)^(\s*contract\.Publication\(.*\)),$`)

// publishUnread marks each message of the copy as one without readers.
func publishUnread(content string) string {
	return publication.ReplaceAllString(content, "$1.WithoutReaders(),")
}

const made = `Made by ` + "`make new-service`" + `. The service still reads, decides and publishes what the template does. ` +
	`The rest of this page also describes the template.`

// readme says that this is a copy, and removes the template's paragraphs about itself and about making a service.
func readme(content string) (string, error) {
	first, rest, found := strings.Cut(content, "\n\n")
	if !found || !strings.HasPrefix(first, "# ") {
		return "", errors.New("the template's README does not begin with its name")
	}
	kept, skips := []string{first, made}, false
	for _, paragraph := range strings.Split(strings.TrimSpace(rest), "\n\n") {
		if strings.HasPrefix(paragraph, "## ") {
			heading, _, _ := strings.Cut(paragraph, "\n")
			skips = strings.Contains(heading, "service")
		}
		if !skips && !strings.Contains(paragraph, "template") {
			kept = append(kept, paragraph)
		}
	}
	return strings.Join(kept, "\n\n") + "\n", nil
}
