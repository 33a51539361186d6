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

// FileGateway is a gateway that reads its providers from a file.
type FileGateway struct {
	*Gateway

	path string
}

// NewFile prepares such a gateway. It does not start it.
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

// Replace replaces the file atomically.
func (g *FileGateway) Replace(content string) {
	g.T.Helper()
	next := g.path + ".new"
	if err := errors.Join(os.WriteFile(next, []byte(content), 0o600), os.Rename(next, g.path)); err != nil {
		g.T.Fatal(err)
	}
}

// Remove deletes the file.
func (g *FileGateway) Remove() {
	g.T.Helper()
	if err := os.Remove(g.path); err != nil {
		g.T.Fatal(err)
	}
}

// Warning waits for the health's warning that the file is not in force. With an empty text it waits until there is none.
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
