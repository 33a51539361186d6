package main

import (
	"maps"
	"slices"
	"strings"
)

// state is how far a test has come.
type state int

const (
	running state = iota + 1
	paused        // a parallel test that waits for its turn
	passed
	failed
	skipped
)

func states() map[string]state {
	return map[string]state{"run": running, "cont": running, "pause": paused, "pass": passed, "fail": failed, "skip": skipped}
}

// tally is what is known of a run, and of its continuations.
type tally struct {
	parts    string // the test whose failed subtests stand for it
	packages map[string]*results
	order    []string // of the packages, as they began
}

// results are those of one package.
type results struct {
	path    string
	tests   map[string]state // top-level tests
	parts   map[string]state // first-level subtests of the test with parts
	raced   map[string]bool  // top-level tests in which the race detector found something; "" for the package
	failed  []unit           // in the order in which they ended
	unbuilt bool
	passed  bool // as go test said
	rest    bool // the run broke off before each test had its turn

	verdict bool // this run's test binary said PASS or FAIL at its end: each test had its turn
	news    bool // something has failed in this run
}

func newTally(parts string) *tally { return &tally{parts: parts, packages: map[string]*results{}} }

func (t *tally) of(path string) *results {
	r, known := t.packages[path]
	if !known {
		r = &results{path: path, tests: map[string]state{}, parts: map[string]state{}, raced: map[string]bool{}}
		t.packages[path] = r
		t.order = append(t.order, path)
	}
	return r
}

// all are the packages in the order in which they began.
func (t *tally) all() []*results {
	var all []*results
	for _, path := range t.order {
		all = append(all, t.packages[path])
	}
	return all
}

// take adds an event.
func (t *tally) take(e event) {
	if e.Package == "" {
		return // of a build: the package's own event will say that it failed
	}
	r := t.of(e.Package)
	switch {
	case e.Action == "output":
		r.said(e)
	case e.Test != "":
		r.test(e, t.parts)
	case e.Action == "start":
		r.passed, r.rest, r.verdict, r.news = false, false, false, false
	case e.Action == "pass" || e.Action == "skip":
		r.passed = true
	case e.Action == "fail" && e.FailedBuild != "":
		r.unbuilt = true
	case e.Action == "fail":
		r.broke()
	}
}

// said looks for what only the output tells.
func (r *results) said(e event) {
	r.verdict = r.verdict || e.Output == "FAIL\n" || e.Output == "PASS\n"
	r.raced[""] = r.raced[""] || strings.Contains(e.Output, "WARNING: DATA RACE")
	r.raced[e.top()] = r.raced[e.top()] || strings.Contains(e.Output, "race detected during execution of test")
}

// test takes in how far a test has come. parts names the test with parts.
func (r *results) test(e event, parts string) {
	s, known := states()[e.Action]
	switch {
	case !known:
	case e.Test != e.top():
		if e.top() == parts && e.Test == parts+"/"+e.part() {
			r.parts[e.part()] = s
		}
	default:
		if r.tests[e.Test] = s; s == failed {
			r.fail(e.Test, e.Test == parts)
		}
	}
}

// broke takes in the end of a package that failed. A test that had begun and not ended failed, too.
func (r *results) broke() {
	for _, test := range slices.Sorted(maps.Keys(r.tests)) {
		switch r.tests[test] {
		case running:
			r.tests[test] = failed
			r.fail(test, false)
		case paused:
			delete(r.tests, test)
		case passed, failed, skipped:
		}
	}
	if r.rest = !r.verdict && r.news; !r.news {
		r.failed = append(r.failed, unit{pkg: r.path})
	}
}

// fail adds a test to those that failed, or the failed ones of its parts if it has some.
func (r *results) fail(test string, inParts bool) {
	r.news = true
	units := []unit{{pkg: r.path, test: test}}
	if parts := r.failedParts(); inParts && len(parts) > 0 {
		units = units[:0]
		for _, part := range parts {
			units = append(units, unit{r.path, test, part})
		}
	}
	for _, u := range units {
		if !slices.Contains(r.failed, u) {
			r.failed = append(r.failed, u)
		}
	}
}

func (r *results) failedParts() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.parts)) {
		if r.parts[name] == failed {
			names = append(names, name)
		}
	}
	return names
}
