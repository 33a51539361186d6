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

// copyOf finishes a file whose words are replaced.
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

// formatted is a Go file in the form of gofmt: other names have another length and another order.
func formatted(content string) (string, error) {
	source, err := format.Source([]byte(content))
	return string(source), err
}

var publication = regexp.MustCompile(`(?m)^(\s*contract\.Publication\(.*\)),$`)

// publishUnread says of what the copy publishes that nobody reads it yet.
func publishUnread(content string) string {
	return publication.ReplaceAllString(content, "$1.WithoutReaders(),")
}

const made = `Made by ` + "`make new-service`" + `. What it reads, decides and publishes is still the template's, and so is this page below.`

// readme says that this is a copy, and leaves out what the template says of itself and of how to make a service.
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
