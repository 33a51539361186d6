package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// fires tells whether an alert fires.
func fires(firing map[string]string, key string) bool {
	for one := range firing {
		if is(key, one) {
			return true
		}
	}
	return false
}

// is tells whether a key is the wanted one, or begins as wanted where that ends with *.
func is(wanted, key string) bool {
	begins, open := strings.CutSuffix(wanted, "*")
	return key == wanted || open && strings.HasPrefix(key, begins)
}

// has tells whether the cause has one of the words in its name or in the key of an alert. Without words every cause does.
func (c cause) has(words string) bool {
	text := strings.ToLower(c.name + " " + strings.Join(c.keys, " "))
	return slices.ContainsFunc(strings.Split(strings.ToLower(words), ","), func(word string) bool { return strings.Contains(text, strings.TrimSpace(word)) })
}

// list writes the causes that have the words, with their alerts.
func list(out io.Writer, words string) int {
	for _, one := range slices.Concat(causes()...) {
		if one.has(words) {
			_, _ = fmt.Fprintf(out, "%s: %s\n", one.name, strings.Join(one.keys, ", "))
		}
	}
	return 0
}

// possible returns the causes that have the word and can be made here.
func (c *core) possible(group []cause, only string) (all []cause) {
	for _, one := range group {
		switch {
		case !one.has(only):
		case one.needs != "" && !c.has(one.needs):
			_, _ = fmt.Printf("left out, %s does not run here: %s\n", one.needs, one.name)
		default:
			all = append(all, one)
		}
	}
	return all
}

// silent returns the causes none of whose alerts fires already: of one that does, nobody could say what made it fire.
func silent(out io.Writer, group []cause, firing map[string]string) (all []cause) {
	for _, one := range group {
		already := slices.IndexFunc(one.keys, func(key string) bool { return fires(firing, key) })
		if already >= 0 {
			_, _ = fmt.Fprintf(out, "left out, %s fires already: %s\n", one.keys[already], one.name)
			continue
		}
		all = append(all, one)
	}
	return all
}
