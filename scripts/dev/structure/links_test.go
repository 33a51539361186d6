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

// generatedElsewhere holds a test document whose links are relative to the folder docs.
const generatedElsewhere = "scripts/dev/docs/testdata"

// Every relative link in a Markdown document must name a file or a folder that exists.
func TestDocumentLinksNameFilesThatExist(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../../..")
	checked := 0
	for _, document := range documents(t, root) {
		text, err := fs.ReadFile(root, document)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range relativeLinks(string(text)) {
			checked++
			if _, err := fs.Stat(root, filepath.ToSlash(filepath.Join(filepath.Dir(document), link))); err != nil {
				t.Errorf("%s links to %s, which does not exist", document, link)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d links were checked", checked)
	}
}

// documents lists the Markdown files of the project. It leaves out folders whose name begins with a dot.
func documents(t *testing.T, root fs.FS) (paths []string) {
	t.Helper()
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path != "." && strings.HasPrefix(entry.Name(), ".") || path == generatedElsewhere):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(path, ".md"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

var (
	code    = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	linkTo  = regexp.MustCompile(`\]\(([^()\n]+)\)`)
	address = regexp.MustCompile(`^([a-z]+:|#)`) // a URL, or a heading of the same document
)

// relativeLinks returns the targets of a document's links to files, without the heading after "#".
func relativeLinks(markdown string) (links []string) {
	for _, match := range linkTo.FindAllStringSubmatch(code.ReplaceAllString(markdown, "code"), -1) {
		if target := match[1]; !address.MatchString(target) {
			path, _, _ := strings.Cut(target, "#")
			links = append(links, path)
		}
	}
	return links
}

func TestRelativeLinksOfADocument(t *testing.T) {
	t.Parallel()
	const markdown = "[a](a.md) and [`b`](../b/c.go#L3), [site](https://example.org), [below](#below), `[no](no.md)`\n```\n[no](no.md)\n```\n[d](d)"
	if links := relativeLinks(markdown); !slices.Equal(links, []string{"a.md", "../b/c.go", "d"}) {
		t.Errorf("found %q", links)
	}
}
