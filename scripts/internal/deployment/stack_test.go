package deployment

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/internal/programs"
)

// each calls f with each service of each profile.
func each(t *testing.T, f func(t *testing.T, of Profile, stack string, s service)) {
	t.Helper()
	n := 0
	for _, of := range Profiles() {
		for stack, services := range stacks(of) {
			for _, s := range services {
				n++
				t.Run(of.Name+"/"+stack+"/"+s.name, func(t *testing.T) { f(t, of, stack, s) })
			}
		}
	}
	if n < 50 {
		t.Fatalf("only %d services were looked at", n)
	}
}

// at returns what a service says under keys, one below the other.
func at(m mapping, keys ...string) any {
	i := slices.IndexFunc(m, func(e entry) bool { return e.key == keys[0] })
	if i < 0 {
		return nil
	}
	if deeper, ok := m[i].value.(mapping); ok && len(keys) > 1 {
		return at(deeper, keys[1:]...)
	}
	if len(keys) > 1 {
		return nil
	}
	return m[i].value
}

func TestNoContainerIsRootOrWritesOutsideItsVolume(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[1-9][0-9]+:[1-9][0-9]+$`)
	each(t, func(t *testing.T, _ Profile, _ string, s service) {
		number, _ := at(s.body, "user").(string)
		if !form.MatchString(number) {
			t.Errorf("it runs as %q", number)
		}
		dropped, _ := at(s.body, "cap_drop").([]string)
		if at(s.body, "read_only") != true || !slices.Equal(dropped, []string{"ALL"}) || at(s.body, "privileged") != nil || at(s.body, "cap_add") != nil {
			t.Error("it has rights that it does not need")
		}
		volumes, _ := at(s.body, "volumes").([]mapping)
		for _, v := range volumes {
			if kind := at(v, "type"); kind != "tmpfs" && kind != "volume" {
				t.Errorf("it writes to %v of its host", v)
			}
		}
	})
}

func TestEveryContainerIsBoundedAndChecked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, of Profile, stack string, s service) {
		if at(s.body, "deploy", "resources", "limits", "memory") == nil {
			t.Error("its memory has no bound")
		}
		condition := at(s.body, "deploy", "restart_policy", "condition")
		if stack == "jobs" {
			if condition != "on-failure" {
				t.Error("the job would run again and again")
			}
			return
		}
		if at(s.body, "healthcheck", "interval") != "15s" || condition != "any" {
			t.Error("nobody notices that it is ill")
		}
		if !of.Swarm {
			return
		}
		action := at(s.body, "deploy", "update_config", "failure_action")
		if want := map[string]string{"servers": "pause", "fxcore": "rollback"}[stack]; action != want && s.name != "redis" {
			t.Errorf("after a failed update: %v, want %s", action, want)
		}
		if at(s.body, "deploy", "update_config", "parallelism") != 1 || at(s.body, "deploy", "endpoint_mode") != "dnsrr" {
			t.Error("several would be changed at once, or connections would be cut when they are silent")
		}
	})
}

// A task that has a secret in its settings shows it to everybody who inspects it.
func TestNoSettingIsASecret(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(`PASSWORD|_URL|_KEY|SECRET|TOKEN|CERTIFICATE`)
	each(t, func(t *testing.T, _ Profile, _ string, s service) {
		settings, _ := at(s.body, "environment").(mapping)
		for _, e := range settings {
			value, _ := e.value.(string)
			if secret.MatchString(e.key) && !strings.HasPrefix(value, "/run/") || strings.Contains(value, "@") {
				t.Errorf("%s=%s", e.key, value)
			}
		}
	})
}

// A secret that two programs have makes one of them the other.
func TestASecretIsOfOneProgram(t *testing.T) {
	t.Parallel()
	together := []string{"door_certificate", "door_key", "gateway_certificate", "gateway_key"} // of those who serve under one name
	for _, of := range Profiles() {
		owners := map[string]string{}
		for _, s := range ours(of) {
			for _, f := range s.files {
				if f.public || slices.Contains(together, f.name) {
					continue
				}
				if other := owners[f.name]; other != "" {
					t.Errorf("%s: %s and %s have %s", of.Name, other, s.name, f.name)
				}
				owners[f.name] = s.name
				if !strings.HasPrefix(f.name, strings.ReplaceAll(s.name, "-", "_")+"_") && s.name != "haproxy" {
					t.Errorf("%s: %s has %s", of.Name, s.name, f.name)
				}
			}
		}
	}
}

// The owner of a schema may change it. Only the job that prepares it is its owner.
func TestOnlyJobsOwnSchemas(t *testing.T) {
	t.Parallel()
	n := 0
	each(t, func(t *testing.T, _ Profile, stack string, s service) {
		for _, f := range s.files {
			if strings.HasSuffix(f.name, "_owner_url") || f.name == "provision" {
				n++
				if stack != "jobs" {
					t.Errorf("it has %s", f.name)
				}
			}
		}
	})
	if n == 0 {
		t.Error("no job has an owner's password")
	}
}

// No setting names a replica: replicas come and go.
func TestAClusterIsReachedByOneName(t *testing.T) {
	t.Parallel()
	member := regexp.MustCompile(`\b(rabbitmq|postgres|etcd|redis|fix|socket|auth)-?[0-9]+\b`)
	for _, of := range Profiles() {
		for _, s := range ours(of) {
			settings, _ := at(s.body, "environment").(mapping)
			for _, e := range settings {
				if value, _ := e.value.(string); member.MatchString(value) {
					t.Errorf("%s: %s: %s=%s", of.Name, s.name, e.key, value)
				}
			}
		}
		for _, s := range clusters(of) {
			if s.name != "redis" && at(s.body, "networks", "core", "aliases") == nil {
				t.Errorf("%s: %s has no name of its cluster", of.Name, s.name)
			}
		}
	}
}

func TestEveryProgramOfTheListIsDeployed(t *testing.T) {
	t.Parallel()
	for _, of := range Profiles() {
		var deployed []string
		for _, s := range ours(of) {
			deployed = append(deployed, s.name)
		}
		for _, p := range programs.Ours() {
			if slices.Contains(deployed, p.Name) != runs(p, of) {
				t.Errorf("%s: %s is not deployed as the profile says: %v", of.Name, p.Name, deployed)
			}
			if (p.Kind == programs.Service || p.Kind == programs.Gateway) && !runs(p, of) {
				t.Errorf("%s does without %s", of.Name, p.Name)
			}
		}
	}
}

// The files in the project are what this code writes.
func TestTheStacksAreUpToDate(t *testing.T) {
	t.Parallel()
	for path, want := range Files() {
		got, err := os.ReadFile(filepath.Join("../../..", path)) //nolint:gosec // a file of the project
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is not up to date, %v: run make generate", path, err)
		}
	}
}

// inputs writes something for each secret and config of a profile, and returns the settings with which its stacks are read.
func inputs(t *testing.T, of Profile) []string {
	t.Helper()
	settings := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "MAINFRAME_ADDR=mainframe.bank.example:7000", "MAINFRAME_NAME=mainframe.bank.example"}
	folders := map[string][]string{}
	for folder, names := range map[string][]string{"CONFIGS": Configs(of), "SECRETS": Secrets(of)} {
		at := t.TempDir()
		folders[folder] = []string{at}
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(at, name), []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := exec.CommandContext(t.Context(), "../../stack-versions", folders["CONFIGS"][0], folders["SECRETS"][0]).Output() //nolint:gosec // our own script
	if err != nil {
		t.Fatal(err)
	}
	settings = append(settings, strings.Split(strings.TrimSpace(string(out)), "\n")...)
	for _, name := range append(programs.Names(programs.Ours()), "rabbitmq", "etcd", "postgres", "redis", "haproxy") {
		settings = append(settings, ImageVariable(name)+"=registry.bank.example/"+name+"@sha256:"+strings.Repeat("0", 64))
	}
	return settings
}

// Docker itself reads the stacks, where its command line is installed; nothing else is needed. CI has it.
func TestDockerTakesTheStacks(t *testing.T) {
	t.Parallel()
	docker, err := exec.LookPath("docker")
	if err != nil {
		t.Skip("Docker's command line is not installed")
	}
	for _, of := range Profiles() {
		settings := inputs(t, of)
		for name := range stacks(of) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			cmd := exec.CommandContext(ctx, docker, "stack", "config", "-c", filepath.Join("../../../stack", of.Name, name+".yml")) //nolint:gosec // as found
			cmd.Env = settings
			out, err := cmd.CombinedOutput()
			cancel()
			if err != nil {
				t.Errorf("%s/%s: %v: %s", of.Name, name, err, out)
			}
			if strings.Contains(string(out), "${") || strings.Contains(string(out), "unsupported") || strings.Contains(string(out), "Ignoring") {
				t.Errorf("%s/%s: something is not understood: %.2000s", of.Name, name, out)
			}
		}
	}
}

// A new content is a new secret: its version is a part of its name, so that a Swarm replaces the containers that read it, and no others.
func TestASecretsNameFollowsItsContent(t *testing.T) {
	t.Parallel()
	of := Profiles()[1]
	one, same := inputs(t, of), inputs(t, of)
	version := func(settings []string, name string) string {
		i := slices.IndexFunc(settings, func(s string) bool { return strings.HasPrefix(s, VersionVariable(name)+"=") })
		if i < 0 {
			t.Fatalf("%s has no version", name)
		}
		return settings[i]
	}
	for _, name := range append(Secrets(of), Configs(of)...) {
		if version(one, name) != version(same, name) {
			t.Errorf("%s has another version with the same content", name)
		}
		if length := len(network + "_" + name + "_123456789012"); length > 64 {
			t.Errorf("the name of %s has %d characters, a Swarm takes 64", name, length)
		}
	}
	if version(one, "auth_tls") == VersionVariable("auth_tls")+strings.TrimPrefix(version(one, "fix_tls"), VersionVariable("fix_tls")) {
		t.Error("two contents have the same version")
	}
}

func TestTextsStayTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"auth": "auth", "/run/secrets/tls": "/run/secrets/tls", "": `""`, "yes": `"yes"`, "No": `"No"`, "1.0": `"1.0"`, "0": `"0"`, "a: b": `"a: b"`,
		"${A:?}": `"${A:?}"`, `say "x"`: `"say \"x\""`, "a\\b\n": `"a\\b\n"`, "- x": `"- x"`, "{{.Task.Slot}}": `"{{.Task.Slot}}"`,
	} {
		if got := scalar(text); got != want {
			t.Errorf("%q is written %s, want %s", text, got, want)
		}
	}
}
