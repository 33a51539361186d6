package main

import (
	"fmt"
	"slices"
	"strings"
)

// The template, and the type of the message that it publishes.
const (
	template  = "responsibility"
	published = "trade.assigned"
)

// names returns a replacer from the template's words to those of a copy: the template assigns a trade, the copy
// allots it. A word comes before its own beginnings ("assigned" before "assign"). Desks and traders keep their names,
// because the copy also decides about them at first.
func names(name string) *strings.Replacer {
	words := []string{
		published, name + ".allotted",
		"tradeAssigned", name + "Allotted",
		template, name,
		"responsible", "designated",
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

// title returns a word with a capital first letter.
func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// checkRenamed returns an error if a word of the template is left in a path or in its content.
func checkRenamed(path, content string) error {
	if templateWords.MatchString(path) {
		return fmt.Errorf("%s still has the template's name: add the missing word to scripts/dev/newservice/words.go", path)
	}
	for i, line := range strings.Split(content, "\n") {
		if word := templateWords.FindString(line); word != "" {
			return fmt.Errorf("%s:%d still says %q, in %q: add the missing word to scripts/dev/newservice/words.go",
				path, i+1, word, strings.TrimSpace(line))
		}
	}
	return nil
}
