//go:build e2e

package attack

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"fxcore/scripts/internal/programs"
)

// withPassword matches an address with a user and a password in it.
var withPassword = regexp.MustCompile(`://[^/\s]*:[^/\s]+@`)

// Whoever is root, or the same user, reads the environment and the arguments of a process. There is nothing to find.
func TestNoSecretIsInAnEnvironmentOrAnArgument(t *testing.T) {
	c := theCore(t)
	secrets := c.secrets(t)
	record, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range record.Processes {
		for _, pid := range append([]int{p.PID}, children(t, p.PID)...) {
			for _, kind := range []string{"environ", "cmdline"} {
				text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, kind))
				if err != nil {
					continue // it has ended
				}
				if found := withPassword.Find(text); found != nil {
					t.Errorf("%s of %s has an address with a password", kind, p.ID())
				}
				for name, secret := range secrets {
					if bytes.Contains(text, secret) {
						t.Errorf("%s of %s holds secrets/%s", kind, p.ID(), name)
					}
				}
			}
		}
	}
}

// secrets returns the content of all secrets of the core, by file. Certificates and public keys are none.
func (c *core) secrets(t *testing.T) map[string][]byte {
	t.Helper()
	root := filepath.Join(c.Folder, "secrets")
	all := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".crt") || strings.HasSuffix(path, ".pub") {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // the core's own
		name, _ := filepath.Rel(root, path)
		if text = bytes.TrimSpace(text); len(text) >= 16 {
			all[name] = text
		}
		return err
	})
	if err != nil || len(all) < 20 {
		t.Fatalf("%d secrets, %v", len(all), err)
	}
	return all
}

// children returns the processes that a process has started, and theirs.
func children(t *testing.T, pid int) (all []int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil
	}
	for _, word := range strings.Fields(string(text)) {
		var child int
		if _, err := fmt.Sscan(word, &child); err != nil {
			t.Fatal(err)
		}
		all = append(append(all, child), children(t, child)...)
	}
	return all
}

// status returns the lines of /proc/PID/status by name.
func status(t *testing.T, pid int) map[string]string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		all[name] = strings.TrimSpace(value)
	}
	return all
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only a core that root has started gives each program a user")
	}
}

// Somebody who has taken over one program is a user who is nobody else, and cannot become more.
func TestEachProgramIsAUserWithoutRights(t *testing.T) {
	needRoot(t)
	record, err := theCore(t).Record()
	if err != nil {
		t.Fatal(err)
	}
	who := map[string]string{} // user -> program
	for _, p := range record.Processes {
		if p.PID == 0 {
			continue
		}
		s := status(t, p.PID)
		if s["NoNewPrivs"] != "1" {
			t.Errorf("%s can gain rights by a program file", p.ID())
		}
		user := strings.Fields(s["Uid"])[0]
		if user == "0" {
			t.Errorf("%s runs as root", p.ID())
		}
		if _, ours := programs.Named(p.Name); !ours || !isOurs(p.Name) {
			continue
		}
		for _, kind := range []string{"CapInh", "CapPrm", "CapEff", "CapAmb"} {
			if strings.Trim(s[kind], "0") != "" {
				t.Errorf("%s has %s %s", p.ID(), kind, s[kind])
			}
		}
		if s["Groups"] != "" {
			t.Errorf("%s is in the groups %s", p.ID(), s["Groups"])
		}
		if other, taken := who[user]; taken && other != p.Name {
			t.Errorf("%s and %s are the same user", p.Name, other)
		}
		who[user] = p.Name
	}
}

func isOurs(name string) bool {
	p, _ := programs.Named(name)
	return p.Folder != ""
}

// Somebody who is a program's user reads the program's secrets, and no others.
func TestAProgramsUserReadsNoOthersFiles(t *testing.T) {
	needRoot(t)
	c := theCore(t)
	record, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	read := func(user uint32, path string) error {
		cat := exec.CommandContext(t.Context(), "cat", path)
		cat.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
		return cat.Run()
	}
	var table strings.Builder
	table.WriteString("# What each program's user can read of the core's files\n\nFilled by `make attack`, which tries all secrets, settings and logs as each program's user. " +
		"`UPDATE_SAMPLES=1 make attack RUN=TestAProgramsUser` writes it.\n\n| user of | its own secrets | other files |\n| --- | --- | --- |\n")
	for _, p := range record.Processes {
		if !isOurs(p.Name) || p.Replica != "1" {
			continue
		}
		var own, others []string
		var user uint32
		if _, err := fmt.Sscan(strings.Fields(status(t, p.PID)["Uid"])[0], &user); err != nil {
			t.Fatal(err)
		}
		for name := range c.secrets(t) {
			err, itsOwn := read(user, filepath.Join(c.Folder, "secrets", name)), strings.HasPrefix(name, p.Name+"/")
			if itsOwn != (err == nil) {
				t.Errorf("%s reads secrets/%s: %v", p.Name, name, err)
			} else if itsOwn {
				own = append(own, strings.TrimPrefix(name, p.Name+"/"))
			}
		}
		for _, path := range []string{"env/auth", "fxcore.json", "log/auth-1.log", "log/fxcore.log", "data/postgres/postgresql.conf", "data/redis/redis.conf", "data/haproxy/haproxy.cfg"} {
			if read(user, filepath.Join(c.Folder, path)) == nil {
				t.Errorf("%s reads %s", p.Name, path)
			}
		}
		for gateway, path := range map[string]string{"fix": "providers.json", "socket": "socket-providers.json"} {
			if err := read(user, filepath.Join(c.Folder, path)); (err == nil) != (p.Name == gateway) {
				t.Errorf("%s reads %s: %v", p.Name, path, err)
			} else if err == nil {
				others = append(others, path)
			}
		}
		slices.Sort(own)
		fmt.Fprintf(&table, "| %s | %s | %s |\n", p.Name, strings.Join(own, ", "), strings.Join(others, ", "))
	}
	compare(t, "files.md", table.String())
}
