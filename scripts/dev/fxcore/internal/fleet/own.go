package fleet

import (
	"errors"
	"os"
	"slices"
	"strings"

	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// ownCertificate is the setting with the file of a program's own certificate and key. Among the settings of a service its value is the
// program's name; the process gets the file's.
const ownCertificate = "TLS_CERTIFICATE_FILE"

// nameOf is the name of a program by which others check its certificate.
func nameOf(program string) string { return server.NameOf(program) }

// certificateOf returns a program's certificate in a file, or a new one.
func (f Fleet) certificateOf(program, path string, anew bool) ([]byte, error) {
	return server.ProgramCertificate(f.Folder, program, path, anew)
}

// renewOwn replaces the certificates of the programs, which notice it by themselves.
func (f Fleet) renewOwn(anew bool) error {
	errs := []error{server.WriteOperator(f.Folder, anew)}
	for _, s := range slices.Concat(f.services()...) {
		for _, owner := range f.owners(s) {
			path := f.Folder.Path("secrets", owner, strings.TrimSuffix(ownCertificate, "_FILE"))
			if _, err := os.Stat(path); err != nil {
				continue // it has never been started
			}
			content := func() ([]byte, error) { return f.certificateOf(s.Name, path, anew) }
			errs = append(errs, process.WriteFiles([]process.File{{Path: path, Content: content}}, f.owner(s)))
		}
	}
	return errors.Join(errs...)
}

// owners returns the folders with secrets of a service: one for all replicas, and one for each that has links.
func (f Fleet) owners(s Service) []string {
	owners := []string{s.Name}
	for replica := 1; replica <= MaxReplicas; replica++ {
		if owner := f.ownerOf(s, replica); owner != s.Name {
			owners = append(owners, owner)
		}
	}
	return owners
}
