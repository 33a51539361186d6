package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/programs"
)

const registryProgram = "/usr/bin/docker-registry"

// serve starts a registry from Debian, and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	settings := filepath.Join(folder, "registry.yml")
	text := fmt.Sprintf("version: 0.1\nstorage: {filesystem: {rootdirectory: %s/data}}\nhttp: {addr: %s}\nlog: {level: warn}\n", folder, address)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(t.Context(), registryProgram, "serve", settings)
	process.WaitDelay = 10 * time.Second
	if err := process.Start(); err != nil {
		t.Fatalf("start a registry: %v: run scripts/bootstrap tests, which installs it", err)
	}
	t.Cleanup(func() { _ = process.Wait() }) // the test's context has ended it
	testkit.Eventually(t, "the registry", time.Minute, func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/v2/", http.NoBody)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		if answer.StatusCode != http.StatusOK {
			return errors.New(answer.Status)
		}
		return nil
	})
	return address
}

// built writes a small program for each image, with its bill, and makes the images.
func built(t *testing.T, text string) (folder string) {
	t.Helper()
	from, bills, folder := t.TempDir(), t.TempDir(), t.TempDir()
	for _, name := range programs.Names(programs.Ours()) {
		err := errors.Join(os.WriteFile(filepath.Join(from, name), []byte(text+name), 0o600), os.WriteFile(filepath.Join(bills, name+".cdx.json"), []byte("{}"), 0o600))
		if err != nil {
			t.Fatal(err)
		}
	}
	does(t, "build", "-from", from, "-bills", bills, "-out", folder, "-commit", strings.Repeat("ab", 20), "-at", "1764500000")
	return folder
}

func does(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, &out); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out.String()
}

// The digest that was tested is the digest that a stack names, and nobody puts another image under its name.
func TestTheRegistryHasWhatWasMade(t *testing.T) {
	t.Setenv("REGISTRY", serve(t)+"/fxcore")
	folder := built(t, "program ")
	settings := does(t, "push", "-out", folder, "-tag", "abababababab")
	if again := does(t, "push", "-out", folder, "-tag", "abababababab"); again != settings {
		t.Errorf("the second push says %s, the first one %s", again, settings)
	}
	here, there := does(t, "list", "-out", folder), does(t, "list", "-registry", "-tag", "abababababab")
	if here != there || strings.Count(here, "\n") != 1+len(programs.Ours()) {
		t.Errorf("here\n%s\nthere\n%s", here, there)
	}
	for _, line := range strings.Split(strings.TrimSpace(here), "\n")[1:] {
		fields := strings.Fields(line)
		name, digest := fields[0], fields[1]
		if !strings.Contains(settings, "/fxcore/"+name+"@"+digest+"\n") {
			t.Errorf("no setting names %s by %s:\n%s", name, digest, settings)
		}
	}
	other := built(t, "changed ")
	if err := run(t.Context(), []string{"push", "-out", other, "-tag", "abababababab"}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "has another image of auth") {
		t.Errorf("another image under the same name: %v", err)
	}
}

func TestImagesAreCompared(t *testing.T) {
	first, same, other := built(t, "program "), built(t, "program "), built(t, "changed ")
	does(t, "check", "-out", first, "-other", same)
	if err := run(t.Context(), []string{"check", "-out", first, "-other", other}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "auth differs") {
		t.Errorf("%v", err)
	}
}

func TestTheCommandLineSaysWhatIsMissing(t *testing.T) {
	t.Setenv("REGISTRY", "127.0.0.1:1/fxcore")
	empty := t.TempDir()
	for want, args := range map[string][]string{
		"usage":                    nil,
		"-commit and -at":          {"build", "-out", empty},
		"run make images":          {"list", "-out", empty},
		"of which release":         {"list", "-registry"},
		"under which name":         {"push", "-out", empty},
		"is no program of ours":    {"compile", "-only", "nothing"},
		"flag provided but not":    {"list", "-nonsense"},
		"images compile|build":     {"nonsense"},
		"read the image of auth":   {"list", "-registry", "-tag", "a"},
		"read the program":         {"build", "-from", empty, "-out", filepath.Join(empty, "o"), "-commit", "a", "-at", "1"},
		"read the bill of materia": {"build", "-only", "main_test.go", "-from", ".", "-bills", empty, "-out", filepath.Join(empty, "p"), "-commit", "a", "-at", "1"},
	} {
		if err := run(t.Context(), args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
