package server

import (
	"fmt"
	"os"
	"path/filepath"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// javaUser is the system user of the Java servers, which scripts/bootstrap makes if root starts the core.
const javaUser = "fxcore"

// Cache is the folder with what no Debian package brings. scripts/bootstrap full fills it once; all clones share it.
func Cache() (string, error) {
	if base := os.Getenv("XDG_CACHE_HOME"); base != "" {
		return filepath.Join(base, "fxcore"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the cache: %w", err)
	}
	return filepath.Join(home, ".cache", "fxcore"), nil
}

// cached returns the path of a file or folder in the cache; ErrNotFull if it is not there.
func cached(name string, parts ...string) (string, error) {
	cache, err := Cache()
	if err != nil {
		return "", err
	}
	path := filepath.Join(append([]string{cache}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s (%s): %w", name, path, ErrNotFull)
	}
	return path, nil
}

// java returns the Java program; ErrNotFull if there is none.
func java() (string, error) {
	const program = "/usr/bin/java"
	if _, err := os.Stat(program); err != nil {
		return "", fmt.Errorf("find Java (%s): %w", program, ErrNotFull)
	}
	return program, nil
}

// javaAccount returns the user that a Java server runs as. Below a closed folder that is the caller: Java asks access(2)
// whether it may write, which does not count the capability to pass through.
func javaAccount(s Setting, jars string) (process.Account, error) {
	if !process.Open(string(s.Folder)) {
		return process.Account{}, nil
	}
	return process.ServerAccount(javaUser, jars)
}
