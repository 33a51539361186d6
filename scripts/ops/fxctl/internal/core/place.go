package core

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Place says where a core is. The environment stands above what the core's folder says.
type Place struct {
	Folder     string // of a core that make has started; empty elsewhere
	API        string // URL of the interface for people and systems
	Operations string // URL of the interface of on-call
	CA         string // file with what signs the certificates of both
	Token      string // empty: fxctl signs in as the demo's user for operations
	User       string // of the demo
}

// demoUser is the demo's person of operations.
const demoUser = "U0013"

// Find returns where the core is: by the environment (FXCTL_API, FXCTL_OPERATIONS, FXCTL_CA, FXCTL_TOKEN or FXCTL_TOKEN_FILE, FXCTL_USER), and by
// the folder of a core that make has started. The folder is the given one, FXCORE_ROOT, or .run in this folder or in one above.
func Find(folder string) (Place, error) {
	p := Place{Folder: cmp.Or(folder, os.Getenv("FXCORE_ROOT"), above()), User: cmp.Or(os.Getenv("FXCTL_USER"), demoUser)}
	known, err := settings(filepath.Join(p.Folder, "env", "demo"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p, fmt.Errorf("read the core's addresses: %w", err)
	}
	p.API = cmp.Or(os.Getenv("FXCTL_API"), known["API"])
	p.Operations = cmp.Or(os.Getenv("FXCTL_OPERATIONS"), known["OPERATIONS"])
	p.CA = cmp.Or(os.Getenv("FXCTL_CA"), known["CA"])
	p.Token = os.Getenv("FXCTL_TOKEN")
	if file := os.Getenv("FXCTL_TOKEN_FILE"); p.Token == "" && file != "" {
		text, err := os.ReadFile(file) //nolint:gosec // the caller's own file
		if err != nil {
			return p, fmt.Errorf("read FXCTL_TOKEN_FILE: %w", err)
		}
		p.Token = strings.TrimSpace(string(text))
	}
	if p.API == "" && p.Operations == "" {
		return p, errors.New("no core is known: run make up here, give --core, or set FXCTL_API, FXCTL_OPERATIONS, FXCTL_CA and FXCTL_TOKEN")
	}
	return p, nil
}

// above returns the folder .run of this folder or of the next one above that has a core; empty if none has.
func above() string {
	at, err := os.Getwd()
	for ; err == nil; at = filepath.Dir(at) {
		run := filepath.Join(at, ".run")
		if _, missing := os.Stat(filepath.Join(run, "env")); missing == nil {
			return run
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	return ""
}

// settings reads a file of lines NAME=value, as a shell would.
func settings(file string) (map[string]string, error) {
	f, err := os.Open(file) //nolint:gosec // the core's own folder
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	known := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if name, value, found := strings.Cut(lines.Text(), "="); found {
			known[strings.TrimPrefix(name, "export ")] = strings.Trim(value, `'"`)
		}
	}
	return known, lines.Err()
}
