package fleet

import (
	"bytes"
	"errors"
	"os"
	"slices"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// distribute writes the files of secrets that have changed since the programs have been given them. A program notices by itself.
func (f Fleet) distribute() error {
	var errs []error
	for _, s := range slices.Concat(f.services()...) {
		errs = append(errs, f.distributeTo(s))
	}
	return errors.Join(errs...)
}

// distributeTo is distribute for one program.
func (f Fleet) distributeTo(s Service) error {
	var errs []error
	for replica := 0; replica <= MaxReplicas; replica++ {
		owner := s.Name
		if replica > 0 {
			owner = f.ownerOf(s, replica)
		}
		if replica > 0 && owner == s.Name || !there(f.Folder.Path("secrets", owner)) {
			continue // its files are those of all, or it has never been started
		}
		_, files, err := f.private(owner, f.settings(s, replica))
		errs = append(errs, err, process.WriteFiles(slices.DeleteFunc(files, unchanged), f.owner(s)))
	}
	return errors.Join(errs...)
}

// unchanged reports whether a file holds what it should.
func unchanged(file process.File) bool {
	want, err := file.Content()
	if err != nil {
		return false // whoever writes it says why
	}
	held, err := os.ReadFile(file.Path)
	return err == nil && bytes.Equal(held, want)
}
