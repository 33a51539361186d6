package folder_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"fxcore/scripts/dev/fxcore/internal/folder"
)

func open(t *testing.T) folder.Folder {
	t.Helper()
	f, err := folder.Open(t.TempDir() + "/run")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestASecretIsDrawnOnceAndIsTheOwnersAlone(t *testing.T) {
	f := open(t)
	first, err := f.Secret("postgres")
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.Secret("postgres")
	if err != nil {
		t.Fatal(err)
	}
	other, err := f.Secret("redis")
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 48 || again != first || other == first {
		t.Errorf("secrets %q, again %q, another %q", first, again, other)
	}
	info, err := os.Stat(f.Path("secrets", "postgres"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestAFolderHasOneSupervisor(t *testing.T) {
	f := open(t)
	release, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lock(); !errors.Is(err, folder.ErrInUse) || !f.InUse() {
		t.Errorf("a second lock: %v; want ErrInUse", err)
	}
	release()
	if f.InUse() {
		t.Error("in use after the release")
	}
}

func TestAShellReadsAnEnvironmentAsItWasWritten(t *testing.T) {
	f := open(t)
	const value = `it's "a" $HOME \ value; rm -rf /`
	if err := f.WriteEnv("auth", []string{"NAME=" + value}); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", `set -a; . "$0"; printenv NAME`, f.Path("env", "auth")).Output()
	if err != nil || strings.TrimSuffix(string(out), "\n") != value {
		t.Errorf("the shell read %q, %v", out, err)
	}
}

func TestAMissingFileReadsAsNothing(t *testing.T) {
	kept := map[string]int{"kept": 1}
	if err := open(t).ReadJSON("none.json", &kept); err != nil || kept["kept"] != 1 {
		t.Errorf("read %v, %v", kept, err)
	}
}
