// Package folder knows the layout of .run, the folder that git ignores and that holds everything a clone runs with:
// data, logs, settings, secrets. Deleting it removes all traces of a run.
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

// Folder is the absolute path of a .run folder.
type Folder string

// Open makes the folder if it is missing. Other users may pass through it, but not list it: when root starts the
// core, the servers and the programs run as their own users.
func Open(path string) (Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find folder: %w", err)
	}
	for _, name := range []string{"", "data", "log", "secrets", "tmp"} {
		if err := own(filepath.Join(path, name), 0o711); err != nil {
			return "", err
		}
	}
	return Folder(path), own(filepath.Join(path, "env"), 0o700)
}

// own makes a folder if it is missing. One of an earlier release may have another mode, which is changed if it is the caller's.
func own(path string, mode fs.FileMode) error {
	if err := os.MkdirAll(path, mode); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if info.Mode().Perm()&mode == mode {
		return nil
	}
	if err := os.Chmod(path, mode); err != nil && !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("make folder: %w", err)
	}
	return nil
}

// Path returns the path of something in the folder.
func (f Folder) Path(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

// Data returns a server's data folder.
func (f Folder) Data(server string) string { return f.Path("data", server) }

// Log returns the path of a process's log.
func (f Folder) Log(process string) string { return f.Path("log", process+".log") }

// WriteJSON writes a file as JSON. It replaces the file atomically: a reader sees the old content or the new one,
// even after a crash.
func (f Folder) WriteJSON(name string, content any, mode fs.FileMode) error {
	b, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return f.Write(name, append(b, '\n'), mode)
}

// Write replaces a file atomically.
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

// ReadJSON fills content from a file. A missing file leaves content unchanged and is no error.
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

// WriteEnv writes NAME=value lines to env/<name>, quoted for a shell: set -a; . .run/env/<name>
func (f Folder) WriteEnv(name string, env []string) error {
	var b strings.Builder
	for _, line := range env {
		key, value, _ := strings.Cut(line, "=")
		fmt.Fprintf(&b, "%s='%s'\n", key, strings.ReplaceAll(value, "'", `'\''`))
	}
	return f.Write("env/"+name, []byte(b.String()), 0o600)
}
