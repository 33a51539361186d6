package deployment

import (
	"cmp"
	"slices"
	"strings"

	"fxcore/scripts/internal/programs"
)

// Pipelines returns GoCD's configuration: a pipeline that checks everything, and one for each program, which tests that program and pushes its
// image when something has changed of which the program is made. madeOf has the folders of each program. Every step is a make target, as in the other
// workflow (.github/workflows).
func Pipelines(madeOf map[string][]string) []byte {
	pipelines := mapping{{network + "-check", pipeline(git(nil), mapping{{"check", stage("linux", 180, "check")}})}}
	for _, p := range programs.Ours() {
		pipelines = append(pipelines, entry{network + "-" + p.Name, pipeline(git(madeOf[p.Name]), mapping{
			{"test", stage("linux", 60, "test", "PACKAGES=./"+p.Folder+"/...")},
			{"image", image(p.Name)},
		})})
	}
	var b strings.Builder
	var names []string
	for _, p := range pipelines {
		names = append(names, p.key)
	}
	mapping{
		{"format_version", 10},
		{"environments", mapping{{network, mapping{{"pipelines", names}}}}},
		{"pipelines", pipelines},
	}.render(&b, "")
	return []byte(header + b.String())
}

func pipeline(materials entry, stages mapping) mapping {
	var list []mapping
	for _, s := range stages {
		list = append(list, mapping{s})
	}
	return mapping{
		{"group", network},
		{"label_template", "${git[:12]}-${COUNT}"},
		{"lock_behavior", "unlockWhenFinished"},
		{"materials", mapping{materials}},
		{"environment_variables", mapping{{"CI", "true"}}},
		{"stages", list},
	}
}

// address is where the source is. The environment of the same name as the group has the settings of the registry, as secrets of the server.
const address = "https://git.bank.example/fxcore.git"

// git returns the source, of which a pipeline looks at some folders: all, if none is named.
func git(folders []string) entry {
	source := mapping{{"git", address}, {"branch", "main"}, {"shallow_clone", false}}
	if len(folders) > 0 {
		source = append(source, entry{"whitelist", slices.Concat(watchedAlways(), folders)})
	}
	return entry{"git", source}
}

// watchedAlways are files that decide about every program.
func watchedAlways() []string {
	return []string{"go.mod", "go.sum", "Makefile", "scripts/images", "scripts/dev/images/**"}
}

func stage(agent string, minutes int, target string, settings ...string) mapping {
	return mapping{{"jobs", mapping{{target, job(agent, minutes, run(target, settings...))}}}}
}

// image makes and pushes a program's image. Its digest is what a deployment gets: what was pushed here is what runs.
func image(program string) mapping {
	pushed := job("linux", 30, run("images", "ONLY="+program), run("images-push", "ONLY="+program))
	return mapping{{"jobs", mapping{{"image", append(pushed,
		entry{"artifacts", []mapping{{{"build", mapping{{"source", ".run/release/images.env"}, {"destination", "images"}}}}}})}}}}
}

func job(agent string, minutes int, tasks ...mapping) mapping {
	return mapping{{"resources", []string{agent}}, {"timeout", minutes}, {"tasks", tasks}}
}

func run(target string, settings ...string) mapping {
	return mapping{{"exec", mapping{{"command", "make"}, {"arguments", append([]string{target}, settings...)}}}}
}

// FoldersOf returns the folders that hold packages of this project, as patterns of files: lambda as a whole, of the others the first two levels.
func FoldersOf(packages []string) (patterns []string) {
	for _, path := range packages {
		inside, ours := strings.CutPrefix(path, "fxcore/")
		if !ours {
			continue
		}
		parts := strings.Split(inside, "/")
		depth := 2
		if parts[0] == "lambda" {
			depth = 1
		}
		patterns = append(patterns, strings.Join(parts[:min(depth, len(parts))], "/")+"/**")
	}
	slices.SortFunc(patterns, cmp.Compare[string])
	return slices.Compact(patterns)
}
