package fleet_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fxcore/scripts/dev/fxcore/internal/fleet"
)

func readLinks(t *testing.T, text string) (fleet.Links, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "links.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return fleet.ReadLinks(path)
}

// environment returns the environment of a replica, its only source of server addresses, with the content of the files that
// it names in the place of their names.
func environment(t *testing.T, f fleet.Fleet, service string, replica int) []string {
	t.Helper()
	s, err := f.Service(service)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := f.Spec(s, replica)
	if err != nil {
		t.Fatal(err)
	}
	env := slices.Clone(spec.Env)
	for _, file := range spec.Files {
		content, _ := file.Content() // a file that is not there yet has none
		for i, line := range env {
			name, path, _ := strings.Cut(line, "=")
			if name == "TLS_CERTIFICATE_FILE" { // each process has one of its own
				content = nil
			}
			if path == file.Path || f.Folder.Path(path) == file.Path { // from the core's folder, where a folder above is closed
				env[i] = strings.TrimSuffix(name, "_FILE") + "=" + string(content)
			}
		}
	}
	return env
}

func TestAProcessReachesAServerByItsLink(t *testing.T) {
	f := newFleet(t)
	environment(t, f, "auth", 1) // draws the authority
	plain := environment(t, f, "auth", 1)
	var err error
	if f.Links, err = readLinks(t, `{"auth-1": {"postgres": "127.0.0.1:1", "amqp": "127.0.0.1:2"}, "mainframe-2": {"mainframe": "127.0.0.1:3"}}`); err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(plain)
	for i, line := range want {
		if strings.HasPrefix(line, "POSTGRES_URL=") {
			want[i] = strings.Replace(line, "127.0.0.1:20000", "127.0.0.1:1", 1)
		}
		if strings.HasPrefix(line, "AMQP_URL=") {
			want[i] = strings.Replace(line, "127.0.0.1:20001", "127.0.0.1:2", 1)
		}
	}
	if got := environment(t, f, "auth", 1); slices.Equal(want, plain) || !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := environment(t, f, "mainframe", 2); !slices.Contains(got, "MAINFRAME_ADDR=127.0.0.1:3") {
		t.Errorf("mainframe-2 has %q", got)
	}
	for _, line := range environment(t, f, "auth", 2) {
		if strings.HasPrefix(line, "POSTGRES_URL=") && !strings.Contains(line, "127.0.0.1:20000") {
			t.Errorf("auth-2, which has no link, has %q", line)
		}
	}
}

func TestHAProxyReachesAnInstanceByItsLinks(t *testing.T) {
	f := newFleet(t)
	plain, err := f.FIXInstances()
	if err != nil || len(plain) != 2 {
		t.Fatalf("%+v, %v", plain, err)
	}
	if f.Links, err = readLinks(t, `{"haproxy": {"fix-1": "127.0.0.1:1", "fix-2-health": "127.0.0.1:2"}}`); err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(plain)
	want[0].Address, want[1].Health = "127.0.0.1:1", 2
	if got, err := f.FIXInstances(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	f.Links["haproxy"]["fix-2-health"] = "nowhere"
	if got, err := f.FIXInstances(); err == nil {
		t.Errorf("an address without a port: %+v", got)
	}
}

func TestLinksThatCannotBeReadAreAnError(t *testing.T) {
	for _, text := range []string{`{`, `{"auth-1": {"postgers": "127.0.0.1:1"}}`} {
		if _, err := readLinks(t, text); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
	if _, err := fleet.ReadLinks("/nowhere/links.json"); err == nil {
		t.Error("a file that is not there: no error")
	}
	if l, err := fleet.ReadLinks(""); l != nil || err != nil {
		t.Errorf("no file: %v, %v", l, err)
	}
}
