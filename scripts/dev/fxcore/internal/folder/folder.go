// Package folder is the layout of .run, the one ignored folder in which a clone keeps everything that it runs: data,
// logs, settings, secrets. Deleting the folder undoes the project.
package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Folder is an absolute path to a .run folder.
type Folder string

// Open makes the folder if it is missing. Other users may pass through it (the servers run as users of their own when
// started by root) but not list it.
func Open(path string) (Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find folder: %w", err)
	}
	for _, name := range []string{"", "data", "log"} {
		if err := os.MkdirAll(filepath.Join(path, name), 0o711); err != nil { //nolint:gosec // servers of other users pass through
			return "", fmt.Errorf("make folder: %w", err)
		}
	}
	for _, name := range []string{"secrets", "env", "tmp"} {
		if err := os.MkdirAll(filepath.Join(path, name), 0o700); err != nil {
			return "", fmt.Errorf("make folder: %w", err)
		}
	}
	return Folder(path), nil
}

// Path joins parts to the folder.
func (f Folder) Path(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

// Data is where a server keeps its data.
func (f Folder) Data(server string) string { return f.Path("data", server) }

// Log is the log of one process.
func (f Folder) Log(process string) string { return f.Path("log", process+".log") }

// WriteJSON replaces a file as a whole: a reader sees the old content or the new one, also after a crash.
func (f Folder) WriteJSON(name string, content any, mode fs.FileMode) error {
	b, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return f.Write(name, append(b, '\n'), mode)
}

// Write replaces a file as a whole.
func (f Folder) Write(name string, content []byte, mode fs.FileMode) error {
	path := f.Path(name)
	if err := os.WriteFile(path+".new", content, mode); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// ReadJSON fills content from a file; a file that is not there leaves content as it is.
func (f Folder) ReadJSON(name string, content any) error {
	b, err := os.ReadFile(f.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if err := json.Unmarshal(b, content); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// WriteEnv writes NAME=value lines to env/<name> in a form that a shell reads: set -a; . .run/env/<name>
func (f Folder) WriteEnv(name string, env []string) error {
	var b strings.Builder
	for _, line := range env {
		key, value, _ := strings.Cut(line, "=")
		fmt.Fprintf(&b, "%s='%s'\n", key, strings.ReplaceAll(value, "'", `'\''`))
	}
	return f.Write("env/"+name, []byte(b.String()), 0o600)
}
