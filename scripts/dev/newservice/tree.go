package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// tree writes files of the project and can undo that.
type tree struct {
	root string
	undo []func() error
}

// write creates or replaces a file.
func (t *tree) write(path, content string) error {
	if err := t.keep(path); err != nil {
		return err
	}
	if err := t.folder(filepath.Dir(path)); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(t.root, path), []byte(content), 0o644) //nolint:gosec // a source file
}

// keep saves a file's content for restore.
func (t *tree) keep(path string) error {
	full := filepath.Join(t.root, path)
	before, err := os.ReadFile(full) //nolint:gosec // a source file
	switch {
	case errors.Is(err, os.ErrNotExist):
		t.undo = append(t.undo, func() error { return ignoreMissing(os.Remove(full)) })
	case err != nil:
		return err
	default:
		t.undo = append(t.undo, func() error { return os.WriteFile(full, before, 0o644) }) //nolint:gosec // a source file
	}
	return nil
}

// folder creates a folder and the folders above it.
func (t *tree) folder(path string) error {
	full := filepath.Join(t.root, path)
	if _, err := os.Stat(full); err == nil {
		return nil
	}
	if err := t.folder(filepath.Dir(path)); err != nil {
		return err
	}
	last := len(t.undo) - 1 // the undo of the file in the folder; it must run before the folder is removed
	t.undo = slices.Insert(t.undo, last, func() error { return ignoreMissing(os.Remove(full)) })
	return os.Mkdir(full, 0o755) //nolint:gosec // a source folder
}

// restore undoes all writes in reverse order.
func (t *tree) restore() error {
	var errs []error
	for _, undo := range slices.Backward(t.undo) {
		errs = append(errs, undo())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("restore all files: %w", err)
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
