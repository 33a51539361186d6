package process

import (
	"fmt"
	"os"
	"path/filepath"
)

// File is a file that holds a secret of the process. It is written before each start, in a folder of the caller's. The
// process's account can read it, and nobody but root can write it.
type File struct {
	Path    string
	Content func() ([]byte, error)
}

// write replaces the file atomically. Several replicas may write the same file at once.
func (f File) write(a Account) error {
	content, err := f.Content()
	if err != nil {
		return fmt.Errorf("find what %s holds: %w", f.Path, err)
	}
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o711); err != nil { //nolint:gosec // the account passes through
		return fmt.Errorf("write secret: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(f.Path), filepath.Base(f.Path)+".*")
	if err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }() // it is there no more if all went well
	_, err = draft.Write(content)
	if err == nil {
		err = draft.Chmod(0o400)
	}
	if err == nil && a.Credential != nil {
		err = draft.Chown(int(a.Credential.Uid), int(a.Credential.Gid))
	}
	if closed := draft.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(draft.Name(), f.Path)
	}
	if err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	return nil
}

// settle gives the process's account what it needs before a start: its secrets, and the folders that it writes to.
func (s Spec) settle() error {
	for _, folder := range s.Owns {
		if err := s.Account.Own(folder); err != nil {
			return err
		}
	}
	return WriteFiles(s.Files, s.Account)
}

// WriteFiles writes secrets for an account.
func WriteFiles(files []File, a Account) error {
	for _, f := range files {
		if err := f.write(a); err != nil {
			return err
		}
	}
	return nil
}
