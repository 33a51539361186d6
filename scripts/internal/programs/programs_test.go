package programs_test

import (
	"slices"
	"testing"

	"fxcore/scripts/internal/programs"
)

func TestEveryLineSaysHowTheProgramRuns(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range programs.All() {
		ours := p.Kind != programs.Server && p.Kind != programs.FullServer
		switch {
		case p.Name == "" || seen[p.Name]:
			t.Errorf("%q is in the list twice, or has no name", p.Name)
		case ours != (p.Folder != "") || ours != (p.Replicas > 0):
			t.Errorf("%s: a program of ours has a folder and replicas, a server has neither", p.Name)
		case (p.Kind == programs.Service || p.Kind == programs.Gateway) && p.Replicas < 2:
			t.Errorf("%s has %d replicas: with one alone nothing goes on while it is away", p.Name, p.Replicas)
		case p.Carries && p.Kind != programs.Service:
			t.Errorf("%s carries trades: gateways and others are measured in other ways", p.Name)
		case p.Role != "" && !p.Uses(programs.Postgres):
			t.Errorf("%s has a role in a database that it does not use", p.Name)
		}
		seen[p.Name] = true
	}
}

func TestProgramsStartInStages(t *testing.T) {
	var order []string
	for i, group := range programs.ByStage() {
		for _, p := range group {
			if p.Start != programs.Stage(i) {
				t.Errorf("%s of stage %d starts with group %d", p.Name, p.Start, i)
			}
			order = append(order, p.Name)
		}
	}
	ours := programs.Names(programs.Ours())
	slices.Sort(ours)
	if got := slices.Sorted(slices.Values(order)); !slices.Equal(got, ours) {
		t.Errorf("start %q, want all of %q", got, ours)
	}
}

func TestAProgramIsFoundByItsName(t *testing.T) {
	p, known := programs.Named("fix")
	if !known || !slices.Equal(p.Processes(), []string{"fix-1", "fix-2"}) {
		t.Errorf("fix is %+v", p)
	}
	if _, known := programs.Named("nobody"); known {
		t.Error("a program that is not in the list was found")
	}
	if p, _ := programs.Named("redis"); !slices.Equal(p.Processes(), []string{"redis"}) {
		t.Errorf("the processes of redis are %q", p.Processes())
	}
}
