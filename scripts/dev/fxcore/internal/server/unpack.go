package server

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// unpack unpacks a zip, which holds one folder, so that this becomes the given folder below dir. It does so whole or not at all, and not
// again.
func unpack(archive, dir, folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	z, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer func() { _ = z.Close() }()
	temporary, err := os.MkdirTemp(dir, "unpack")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	for _, f := range z.File {
		if err := unpackFile(f, temporary); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return os.Rename(filepath.Join(temporary, filepath.Base(folder)), folder)
}

func unpackFile(f *zip.File, dir string) error {
	if !filepath.IsLocal(f.Name) {
		return errors.New("it leads out of the folder")
	}
	path := filepath.Join(dir, f.Name) //nolint:gosec // IsLocal has seen to it
	if f.FileInfo().IsDir() {
		return os.MkdirAll(path, 0o700)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, f.Mode()&fs.ModePerm|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from) //nolint:gosec // the archive is ours: no bomb
	return errors.Join(err, to.Close())
}
