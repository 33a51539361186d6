package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
)

// most is how many failed tests are repeated. If more failed, none is repeated: something is broken.
const most = 5

// gate is one call of gotest.
type gate struct {
	flags    []string // of go test
	packages []string
	parts    string // the test whose subtests can run alone
	show     *show
}

// all runs all tests, repeats each failed one, and returns the findings. If go test could not run to its end, it
// returns an error and the findings so far.
func (g *gate) all(ctx context.Context) ([]finding, error) {
	first := newTally(g.parts)
	passed, err := g.run(ctx, first, nil, g.packages...)
	for r := first.brokenOff(); err == nil && r != nil; r = first.brokenOff() {
		g.show.headline("the tests of " + r.path + " that did not run yet")
		_, err = g.run(ctx, first, []string{r.others()}, r.path)
	}
	found, toRepeat := first.verdict()
	if err != nil {
		return append(found, all(unrepeated, toRepeat)...), err
	}
	if !passed && len(found)+len(toRepeat) == 0 {
		return nil, errors.New("go test failed without naming a failed test")
	}
	if len(toRepeat) > most {
		return append(found, all(unrepeated, toRepeat)...), nil
	}
	repeated, err := g.repeat(ctx, toRepeat)
	return append(found, repeated...), err
}

// run passes the events of go test to a tally and to the screen. Flags in more override the caller's.
func (g *gate) run(ctx context.Context, t *tally, more []string, packages ...string) (passed bool, err error) {
	return goTest(ctx, slices.Concat(g.flags, more, packages), g.show.out, func(e event) {
		t.take(e)
		g.show.take(e)
	})
}

// repeat runs each unit alone, once.
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

// passed reports whether the unit ran and passed. A skipped unit did not pass.
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

// brokenOff returns a package whose run broke off before all its tests ran; nil if there is none, or if too many
// tests have failed.
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

// others returns the flag that makes go test skip the tests that already ran.
func (r *results) others() string {
	return "-skip=^(" + strings.Join(slices.Sorted(maps.Keys(r.tests)), "|") + ")$"
}

// verdict returns the findings that are final, and the units to repeat.
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
