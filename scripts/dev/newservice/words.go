package main

import (
	"fmt"
	"slices"
	"strings"
)

// The template, and the type that it publishes.
const (
	template  = "responsibility"
	published = "trade.assigned"
)

// names replaces the template's words by those of a copy: the template assigns a trade and keeps the assignment, the copy allots it
// and keeps the allotment. A word comes before the words that it begins with. Desks and traders stay: the template decides about
// them, and so does the copy at first.
func names(name string) *strings.Replacer {
	words := []string{
		published, name + ".allotted",
		"tradeAssigned", name + "Allotted",
		template, name,
		"responsible", "answerable",
		"assignment", "allotment",
		"assigned", "allotted",
		"assigning", "allotting",
		"assign", "allot",
	}
	var pairs []string
	for pair := range slices.Chunk(words, 2) {
		pairs = append(pairs, pair[0], pair[1], title(pair[0]), title(pair[1]))
	}
	return strings.NewReplacer(pairs...)
}

// title writes a word with a capital.
func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// checkRenamed fails where a word of the template is left.
func checkRenamed(path, content string) error {
	if templateWords.MatchString(path) {
		return fmt.Errorf("%s still has the template's name: scripts/dev/newservice/words.go lacks a word", path)
	}
	for i, line := range strings.Split(content, "\n") {
		if word := templateWords.FindString(line); word != "" {
			return fmt.Errorf("%s:%d still says %q, in %q: scripts/dev/newservice/words.go lacks a word", path, i+1, word, strings.TrimSpace(line))
		}
	}
	return nil
}
