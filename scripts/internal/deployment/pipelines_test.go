package deployment

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fxcore/scripts/internal/programs"
)

func TestFoldersOfAProgram(t *testing.T) {
	t.Parallel()
	got := FoldersOf([]string{"fmt", "fxcore/lambda/log", "fxcore/lambda/run", "fxcore/services/auth", "fxcore/services/auth/internal/store", "github.com/x/y"})
	if want := []string{"lambda/**", "services/auth/**"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// A change of one service makes that service's pipeline run, and no other service's. One of what all share makes all run.
func TestAChangeOfOneProgramRunsThatPipelineAlone(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../stack/gocd/fxcore.gocd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	begin := regexp.MustCompile(`(?m)^  fxcore-([a-z-]+):$`)
	at := begin.FindAllStringSubmatchIndex(string(text), -1)
	parts := map[string]string{}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		parts[string(text[m[2]:m[3]])] = string(text[m[0]:end])
	}
	if len(parts) != 1+len(programs.Ours()) {
		t.Errorf("%d pipelines", len(parts))
	}
	for _, p := range programs.Ours() {
		part := parts[p.Name]
		folder := strings.Join(strings.Split(p.Folder, "/")[:2], "/")
		for _, needed := range []string{`"` + folder + `/**"`, `"lambda/**"`, "go.sum", "ONLY=" + p.Name + `"`, "PACKAGES=./" + p.Folder + "/..."} {
			if !strings.Contains(part, needed) {
				t.Errorf("the pipeline of %s does not have %s", p.Name, needed)
			}
		}
		for _, other := range programs.Services() {
			if strings.HasPrefix(other.Folder, "services/") && other.Name != p.Name && strings.Contains(part, `"`+other.Folder+`/**"`) {
				t.Errorf("the pipeline of %s runs when %s changes", p.Name, other.Name)
			}
		}
	}
}

// Both kinds of pipelines call make and nothing else, so that a person can do what they do. Each target exists.
func TestPipelinesCallMakeTargets(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	workflow, err := os.ReadFile("../../../.github/workflows/check.yml")
	if err != nil {
		t.Fatal(err)
	}
	gocd := string(Pipelines(map[string][]string{}))
	targets := regexp.MustCompile(`(?m)^\s*- run: make ([a-z-]+)`).FindAllStringSubmatch(string(workflow), -1)
	if all := strings.Count(string(workflow), "run: "); all != len(targets) || all == 0 {
		t.Errorf("the workflow has %d steps that run something, %d of them make", all, len(targets))
	}
	tasks := regexp.MustCompile(`command: make\n\s+arguments:\n\s+- ([a-z-]+)`).FindAllStringSubmatch(gocd, -1)
	if all := strings.Count(gocd, "command: "); all != len(tasks) || all == 0 {
		t.Errorf("the pipelines have %d tasks, %d of them make", all, len(tasks))
	}
	for _, m := range slices.Concat(targets, tasks) {
		if !regexp.MustCompile(`(?m)^(.* )?` + m[1] + `( .*)?:`).Match(makefile) {
			t.Errorf("there is no target %s", m[1])
		}
	}
}
