package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// show prints the output of go test. With -v it prints every line at once, and lines of parallel packages mix.
// Without -v it prints the output of each failed test when the test ends, and one line for each package.
type show struct {
	out     io.Writer
	verbose bool
	tests   map[[2]string]*said // by package and top-level test; "" is the package itself
}

// said holds the output of a test and its subtests until the test ends.
type said struct {
	lines []event
	fine  map[string]bool // subtests that passed or were skipped
}

func newShow(out io.Writer, flags []string) *show {
	verbose := slices.ContainsFunc(flags, func(f string) bool {
		name := strings.TrimLeft(f, "-")
		return name == "v" || name == "v=true" || name == "v=1" || strings.HasPrefix(name, "bench")
	})
	return &show{out: out, verbose: verbose, tests: map[[2]string]*said{}}
}

func (s *show) headline(text string) { _, _ = fmt.Fprintf(s.out, "\n== %s\n", text) }

func (s *show) take(e event) {
	switch {
	case e.Action == "build-output" || s.verbose && e.Action == "output":
		_, _ = io.WriteString(s.out, e.Output)
	case e.Package == "" || s.verbose:
	case e.Action == "output":
		s.keep(e)
	case e.Test == "":
		s.endPackage(e)
	case e.Test == e.top():
		s.endTest(e)
	case e.Action == "pass" || e.Action == "skip":
		s.of(e).fine[e.Test] = true
	}
}

func (s *show) of(e event) *said {
	key := [2]string{e.Package, e.top()}
	if s.tests[key] == nil {
		s.tests[key] = &said{fine: map[string]bool{}}
	}
	return s.tests[key]
}

func (s *show) keep(e event) {
	if e.Test == "" || !strings.HasPrefix(e.Output, "=== ") { // RUN, PAUSE, CONT, NAME
		of := s.of(e)
		of.lines = append(of.lines, e)
	}
}

func (s *show) endTest(e event) {
	switch e.Action {
	case "fail":
		s.print(e)
		fallthrough
	case "pass", "skip":
		delete(s.tests, [2]string{e.Package, e.Test})
	}
}

// print shows the output of a test, without the subtests that passed.
func (s *show) print(e event) {
	if e.Test != "" {
		_, _ = fmt.Fprintf(s.out, "=== %s %s\n", e.Package, e.Test)
	}
	of := s.of(e)
	for _, line := range of.lines {
		if !of.fine[line.Test] {
			_, _ = io.WriteString(s.out, line.Output)
		}
	}
}

// endPackage shows the package's last line. If the package failed, it shows all of its output, and the output of
// tests that did not end.
func (s *show) endPackage(e event) {
	switch e.Action {
	case "fail":
		for key := range s.tests {
			if key[0] == e.Package && key[1] != "" {
				s.print(event{Package: e.Package, Test: key[1]})
			}
		}
		s.print(e)
	case "pass", "skip":
		if lines := s.of(e).lines; len(lines) > 0 {
			_, _ = io.WriteString(s.out, lines[len(lines)-1].Output)
		}
	default:
		return
	}
	for key := range s.tests {
		if key[0] == e.Package {
			delete(s.tests, key)
		}
	}
}
