package main

import "regexp"

// unit is something that failed and can be repeated alone: a test, a part of a test, or a package that failed without
// a failed test.
type unit struct{ pkg, test, part string }

func (u unit) String() string {
	switch {
	case u.test == "":
		return u.pkg
	case u.part == "":
		return u.pkg + " " + u.test
	}
	return u.pkg + " " + u.test + "/" + u.part
}

// flags returns the flags that make go test run only this unit, once.
func (u unit) flags() []string {
	flags := []string{"-count=1"}
	if u.test == "" {
		return flags
	}
	pattern := exactly(u.test)
	if u.part != "" {
		pattern += "/" + exactly(u.part)
	}
	return append(flags, "-run="+pattern)
}

func exactly(name string) string { return "^" + regexp.QuoteMeta(name) + "$" }
