package fleet

import (
	"os"
	"slices"
	"strings"
	"testing"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/internal/programs"
)

func newFleet(t *testing.T) Fleet {
	t.Helper()
	root, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return Fleet{Folder: root, Ports: 20000}
}

func TestWhatIsRotatedIsWhatWasNamed(t *testing.T) {
	for what, want := range map[string]string{
		"":               "certificates postgres rabbitmq erlang redis proofs signing sets access",
		"all":            "certificates postgres rabbitmq erlang redis proofs signing sets access",
		"sets postgres":  "postgres sets",
		"nothing":        "there is no secret",
		"sets cassandra": "FULL=1",
	} {
		chosen, err := Fleet{}.chosen(strings.Fields(what))
		if err != nil {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v", what, err)
			}
			continue
		}
		var names []string
		for _, kind := range chosen {
			names = append(names, kind.Name)
		}
		if strings.Join(names, " ") != want {
			t.Errorf("%q: %v", what, names)
		}
	}
	full, err := Fleet{Full: true}.chosen(nil)
	if err != nil || len(full) != len(Rotatables()) {
		t.Errorf("of a full start: %d of %d, %v", len(full), len(Rotatables()), err)
	}
}

// A program that has been started gets what has changed, in its own files; one that has not gets none.
func TestWhatHasChangedIsWrittenToItsPrograms(t *testing.T) {
	f := newFleet(t)
	if err := f.writeKeys(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Folder.Path(signersFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Folder.Path(publishersFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	datasync, err := f.Service("datasync")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(f.Folder.Path("secrets", "datasync"), 0o711); err != nil { //nolint:gosec // as at a start
		t.Fatal(err)
	}
	spec, err := f.Spec(datasync, 1)
	if err != nil {
		t.Fatal(err)
	}
	holds := func() string {
		text, err := os.ReadFile(f.Folder.Path("secrets", "datasync", "REDIS_URL"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if err := f.distributeTo(datasync); err != nil {
		t.Fatal(err)
	}
	before, seen := holds(), statOf(t, f.Folder.Path("secrets", "datasync", "REDIS_URL"))
	if err := f.distributeTo(datasync); err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(seen, statOf(t, f.Folder.Path("secrets", "datasync", "REDIS_URL"))) {
		t.Error("a file is written that has not changed")
	}
	if err := f.Folder.Replace("redis-datasync", "another"); err != nil {
		t.Fatal(err)
	}
	if err := f.distribute(); err != nil {
		t.Fatal(err)
	}
	if now := holds(); now == before || !strings.Contains(now, ":another@") {
		t.Errorf("it holds %s", now)
	}
	if there(f.Folder.Path("secrets", "trading")) {
		t.Error("a program that has never been started has files")
	}
	for _, file := range spec.Files { // as the next start of the replica writes them
		if text, err := file.Content(); err != nil || strings.HasSuffix(file.Path, "REDIS_URL") && !strings.Contains(string(text), ":another@") {
			t.Errorf("a replica that starts again gets %s: %v", text, err)
		}
	}
}

func statOf(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// While a key is replaced, everybody trusts both; who uses it has one of them.
func TestTheListsOfKeysHoldWhatIsTrusted(t *testing.T) {
	f := newFleet(t)
	if err := f.writeKeys(); err != nil {
		t.Fatal(err)
	}
	if err := f.writeSigners(); err != nil {
		t.Fatal(err)
	}
	trusted := func(secret string) int {
		keys, err := f.public(secret)
		if err != nil {
			t.Fatal(err)
		}
		return len(keys)
	}
	for _, secret := range []string{setsKey, signingSecret("trading")} {
		next, err := drawSigning()
		if err != nil {
			t.Fatal(err)
		}
		steps := []struct {
			do   func() error
			want int
		}{
			{func() error { return nil }, 1},
			{func() error { return f.Folder.Announce(secret, next) }, 2},
			{func() error { return f.Folder.Promote(secret) }, 2},
			{func() error { return f.Folder.Forget(secret) }, 1},
		}
		for i, step := range steps {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			if got := trusted(secret); got != step.want {
				t.Errorf("%s, step %d: %d keys are trusted, want %d", secret, i, got, step.want)
			}
		}
	}
	if text, err := os.ReadFile(f.Folder.Path(setsPublicFile)); err != nil || strings.Contains(string(text), ",") {
		t.Errorf("%s, %v", text, err)
	}
	if !slices.Contains(signers(), "breakglass") || len(programs.Of(func(p programs.Program) bool { return p.Signs })) != len(signers())-1 {
		t.Errorf("signers: %v", signers())
	}
}
