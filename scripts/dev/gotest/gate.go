package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
)

// most is how many failed tests are repeated. If there are more, something is broken.
const most = 5

// gate is one call of go test and what follows from it.
type gate struct {
	flags    []string // of go test
	packages []string
	parts    string // the test whose subtests can run alone
	show     *show
}

// all runs everything, repeats what failed, and returns what there is to tell of it. It returns an error, and what was found
// until then, if go test could not run to its end.
func (g *gate) all(ctx context.Context) ([]finding, error) {
	first := newTally(g.parts)
	passed, err := g.run(ctx, first, nil, g.packages...)
	for r := first.brokenOff(); err == nil && r != nil; r = first.brokenOff() {
		g.show.headline("the tests of " + r.path + " that had not had their turn")
		_, err = g.run(ctx, first, []string{r.others()}, r.path)
	}
	found, toRepeat := first.verdict()
	if err != nil {
		return append(found, all(unrepeated, toRepeat)...), err
	}
	if !passed && len(found)+len(toRepeat) == 0 {
		return nil, errors.New("go test failed, and named no test that did")
	}
	if len(toRepeat) > most {
		return append(found, all(unrepeated, toRepeat)...), nil
	}
	repeated, err := g.repeat(ctx, toRepeat)
	return append(found, repeated...), err
}

// run hands the events of go test to a tally and to the screen. more are flags that override the caller's.
func (g *gate) run(ctx context.Context, t *tally, more []string, packages ...string) (passed bool, err error) {
	return goTest(ctx, slices.Concat(g.flags, more, packages), g.show.out, func(e event) {
		t.take(e)
		g.show.take(e)
	})
}

// repeat runs each unit once, alone.
func (g *gate) repeat(ctx context.Context, units []unit) (found []finding, err error) {
	for _, u := range units {
		g.show.headline("once more, alone: " + u.String())
		again := newTally(g.parts)
		if _, err := g.run(ctx, again, u.flags(), u.pkg); err != nil {
			return append(found, finding{unrepeated, u}), err
		}
		k := twice
		if again.passed(u) {
			k = unsteady
		}
		found = append(found, finding{k, u})
	}
	return found, nil
}

// passed tells whether the unit ran, and passed. One that was skipped did not.
func (t *tally) passed(u unit) bool {
	r := t.of(u.pkg)
	switch {
	case u.test == "":
		return r.passed
	case u.part == "":
		return r.passed && r.tests[u.test] == passed
	}
	return r.passed && r.parts[u.part] == passed
}

// brokenOff is a package of which tests have not had their turn; nil if there is none, or if too many tests have failed.
func (t *tally) brokenOff() *results {
	n := 0
	for _, r := range t.packages {
		n += len(r.failed)
	}
	i := slices.IndexFunc(t.order, func(path string) bool { return t.packages[path].rest })
	if i < 0 || n > most {
		return nil
	}
	return t.packages[t.order[i]]
}

// others is the flag by which go test leaves out the tests that had their turn.
func (r *results) others() string {
	return "-skip=^(" + strings.Join(slices.Sorted(maps.Keys(r.tests)), "|") + ")$"
}

// verdict tells what failed for good, and what is to be repeated.
func (t *tally) verdict() (found []finding, toRepeat []unit) {
	for _, r := range t.all() {
		if r.unbuilt {
			found = append(found, finding{unbuilt, unit{pkg: r.path}})
		}
		for _, u := range r.failed {
			if r.raced[u.test] {
				found = append(found, finding{raced, u})
			} else {
				toRepeat = append(toRepeat, u)
			}
		}
	}
	return found, toRepeat
}
