// Package bill writes bills of materials (SBOM) in the form of CycloneDX: one for each program, made from what its build has recorded in
// it, and one for the web pages, which lie within programs. The same programs have the same bills.
package bill

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Makers are what the bills are made with.
type Makers struct {
	Modules string // path of cyclonedx-gomod
	Lock    string // path of npm's lock file
}

// Write writes a bill for each program into the folder, which it empties: NAME.cdx.json. programs are paths of executables.
func Write(ctx context.Context, by Makers, folder string, programs []string) error {
	if by.Modules == "" || folder == "" || len(programs) == 0 {
		return errors.New("a bill needs a tool, a folder and programs")
	}
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("empty the folder of bills: %w", err)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("make the folder of bills: %w", err)
	}
	for _, program := range programs {
		path := filepath.Join(folder, filepath.Base(program)+".cdx.json")
		tool := exec.CommandContext(ctx, by.Modules, "bin", "-json", "-std", "-noserial", "-notimestamp", "-output", path, program) //nolint:gosec // the Makefile's
		if said, err := tool.CombinedOutput(); err != nil {
			return fmt.Errorf("list what %s is made of: %w: %s", program, err, said)
		}
	}
	lock, err := os.ReadFile(by.Lock)
	if err != nil {
		return fmt.Errorf("list what the web pages are made of: %w", err)
	}
	text, err := pages(lock)
	if err != nil {
		return fmt.Errorf("list what the web pages are made of: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "pages.cdx.json"), text, 0o600); err != nil {
		return fmt.Errorf("write what the web pages are made of: %w", err)
	}
	return nil
}
