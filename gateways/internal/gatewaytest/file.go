package gatewaytest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/lambda/testkit"
)

// FileGateway is a gateway whose providers lie in a file.
type FileGateway struct {
	*Gateway

	path string
}

// NewFile prepares one without starting it.
func NewFile(t testing.TB, prefix string, entries ...string) *FileGateway {
	t.Helper()
	path := filepath.Join(t.TempDir(), "providers.json")
	g := &FileGateway{New(t, prefix, "", Unhurried), path}
	for i, setting := range g.Env {
		if setting == prefix+"_PROVIDERS=" {
			g.Env[i] = prefix + "_PROVIDERS_FILE=" + path
		}
	}
	g.Replace(ProvidersOf(entries...))
	return g
}

// Replace puts another file into the old one's place, at once.
func (g *FileGateway) Replace(content string) {
	g.T.Helper()
	next := g.path + ".new"
	if err := errors.Join(os.WriteFile(next, []byte(content), 0o600), os.Rename(next, g.path)); err != nil {
		g.T.Fatal(err)
	}
}

// Remove leaves no file there.
func (g *FileGateway) Remove() {
	g.T.Helper()
	if err := os.Remove(g.path); err != nil {
		g.T.Fatal(err)
	}
}

// Warning waits until the health says, or no longer says, that the file is not in force.
func (g *FileGateway) Warning(says string) {
	g.T.Helper()
	testkit.Eventually(g.T, "the warning "+says, patience, func() error {
		status, err := g.Status()
		if err != nil {
			return err
		}
		if got := status.Warnings["provider file"]; got == "" != (says == "") || !strings.Contains(got, says) {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
}
