package main

import (
	"maps"
	"slices"
	"strings"
)

// state is the last known state of a test.
type state int

const (
	running state = iota + 1
	paused        // a parallel test that waits to be resumed
	passed
	failed
	skipped
)

func states() map[string]state {
	return map[string]state{"run": running, "cont": running, "pause": paused, "pass": passed, "fail": failed, "skip": skipped}
}

// tally holds the results of a run and of its continuations.
type tally struct {
	parts    string // if this test fails, its failed subtests are repeated instead
	packages map[string]*results
	order    []string // package paths in the order in which they began
}

// results are the results of one package.
type results struct {
	path    string
	tests   map[string]state // top-level tests
	parts   map[string]state // first-level subtests of the test with parts
	raced   map[string]bool  // top-level tests in which the race detector found something; "" for the package
	failed  []unit           // in the order in which they ended
	unbuilt bool
	passed  bool // as go test reported
	rest    bool // the run broke off before every test ran

	verdict bool // the test binary printed PASS or FAIL at its end, so every test ran
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

// all returns the packages in the order in which they began.
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
		return // a build event; the package's own event reports the failure
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

// said reads what go test reports only in the output.
func (r *results) said(e event) {
	r.verdict = r.verdict || e.Output == "FAIL\n" || e.Output == "PASS\n"
	r.raced[""] = r.raced[""] || strings.Contains(e.Output, "WARNING: DATA RACE")
	r.raced[e.top()] = r.raced[e.top()] || strings.Contains(e.Output, "race detected during execution of test")
}

// test enters the new state of a test. parts is the name of the test whose subtests can run alone.
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

// broke enters the end of a package that failed. A test that was running has failed, too; a paused one counts as not
// run. If no test has failed in this run, the package itself becomes a failed unit.
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

// fail adds a test to the failed units, or its failed parts if it has any.
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
