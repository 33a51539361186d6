package structure_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fxcore/scripts/internal/programs"
)

// make run does not start, and make faults does not harm, a program that is not in the list.
func TestEveryServiceAndGatewayIsInTheListOfPrograms(t *testing.T) {
	t.Parallel()
	var built []string
	for _, p := range list(t, "./services/...", "./gateways/...") {
		if p.Name == "main" {
			built = append(built, strings.TrimPrefix(p.ImportPath, module))
		}
	}
	listed := map[string]bool{}
	for _, p := range programs.Ours() {
		listed[p.Folder] = true
		inside := strings.HasPrefix(p.Folder, "services/") || strings.HasPrefix(p.Folder, "gateways/")
		if inside && !slices.Contains(built, p.Folder) {
			t.Errorf("%s has no package main: correct its line in scripts/internal/programs/list.go", p.Folder)
		}
	}
	for _, folder := range built {
		if !listed[folder] {
			t.Errorf("%s is a program, and nothing starts or harms it: add a line to scripts/internal/programs/list.go", folder)
		}
	}
}

// servicesRow matches the row of the README that names the services.
var servicesRow = regexp.MustCompile("(?m)^\\| `services/<name>` \\|.*$")

func TestTheReadmeNamesEveryService(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`[a-z]+`).FindAllString(servicesRow.FindString(string(readme)), -1)
	for _, p := range programs.Services() {
		if strings.HasPrefix(p.Folder, "services/") && !slices.Contains(named, p.Name) {
			t.Errorf("README.md: the row `services/<name>` does not name %s: add it", p.Name)
		}
	}
}
