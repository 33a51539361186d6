package deployment

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Files returns all generated files of all profiles, by path from the project's root.
func Files() map[string][]byte {
	all := map[string][]byte{}
	for _, of := range Profiles() {
		for name, services := range stacks(of) {
			all[path.Join("stack", of.Name, name+".yml")] = []byte(header + write(of, services))
		}
	}
	return all
}

const header = "# Generated from the list of programs (scripts/internal/deployment): run make generate. docs/deployment.md tells how it is deployed.\n"

// stacks returns the three stacks of a profile. They are deployed in the order servers, jobs, fxcore: what changes often must not touch what has data.
func stacks(of Profile) map[string][]service {
	return map[string][]service{"servers": clusters(of), "jobs": jobs(of), "fxcore": ours(of)}
}

func write(of Profile, services []service) string {
	body := mapping{}
	if of.Swarm {
		body = append(body, entry{"version", "3.9"})
	}
	listed, volumes := mapping{}, mapping{}
	var files []file
	for _, s := range services {
		listed = append(listed, entry{s.name, s.body})
		files = append(files, s.files...)
		if s.volume != "" {
			volumes = append(volumes, entry{s.volume, mapping{}})
		}
	}
	body = append(body, entry{"services", listed}, entry{"networks", mapping{{"core", mapping{{"name", network}, {"external", true}}}}})
	if len(volumes) > 0 {
		body = append(body, entry{"volumes", volumes})
	}
	body = append(body, named(files)...)
	var b strings.Builder
	body.render(&b, "")
	return b.String()
}

// named returns the configs and secrets of a stack. A Swarm never changes one: so its name has the digest of its content, a new content is a new
// one, and what is undone finds the old one.
func named(files []file) (all []entry) {
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	configs, secrets := mapping{}, mapping{}
	for i, f := range files {
		if i > 0 && files[i-1].name == f.name {
			continue
		}
		folder, list := "SECRETS", &secrets
		if f.public {
			folder, list = "CONFIGS", &configs
		}
		*list = append(*list, entry{f.name, mapping{
			{"file", "${" + folder + ":?}/" + f.name}, {"name", network + "_" + f.name + "_${" + VersionVariable(f.name) + ":?}"},
		}})
	}
	if len(configs) > 0 {
		all = append(all, entry{"configs", configs})
	}
	if len(secrets) > 0 {
		all = append(all, entry{"secrets", secrets})
	}
	return all
}

// VersionVariable is the setting with the digest of a secret's or a config's content: V_AUTH_AMQP_URL.
func VersionVariable(name string) string { return "V_" + strings.ToUpper(name) }

// Secrets returns the names of all secrets of a profile, sorted.
func Secrets(of Profile) []string { return names(of, false) }

// Configs returns the names of all configs of a profile, sorted.
func Configs(of Profile) []string { return names(of, true) }

func names(of Profile, public bool) (all []string) {
	for _, services := range stacks(of) {
		for _, s := range services {
			for _, f := range s.files {
				if f.public == public {
					all = append(all, f.name)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
