package fleet

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/trust/authority"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// ownCertificate is the setting with the file of a program's own certificate and key. Among the settings of a service its value is the
// program's name; the process gets the file's.
const ownCertificate = "TLS_CERTIFICATE_FILE"

// operatorFile is the certificate of the person who operates the core, which root alone can read: for the mainframe's simulator.
const operatorFile = "secrets/operator.pem"

// operatorName is the name in that certificate.
const operatorName = "operator"

// nameOf is the name of a program by which others check its certificate.
func nameOf(program string) string { return program + ".fxcore" }

// certificateOf returns the certificate in a file, and a new one of the program if that is due, or in any case. A program's certificate does not
// have the address of this machine: it must not pass for a server's.
func (f Fleet) certificateOf(program, path string, anew bool) ([]byte, error) {
	a, err := server.Authority(f.Folder)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path) //nolint:gosec // the core's own
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the certificate of %s: %w", program, err)
	}
	if !anew && !a.Due(text, time.Now()) {
		return text, nil
	}
	return a.Issue(authority.Subject{Name: program, Hosts: []string{nameOf(program)}, Client: true}, time.Now())
}

// writeOperator writes the operator's certificate, unless there is a good one.
func (f Fleet) writeOperator(anew bool) error {
	path := f.Folder.Path(operatorFile)
	text, err := f.certificateOf(operatorName, path, anew)
	if err != nil {
		return err
	}
	return f.Folder.Write(operatorFile, text, 0o600)
}

// renewOwn replaces the certificates of the programs, which notice it by themselves.
func (f Fleet) renewOwn(anew bool) error {
	errs := []error{f.writeOperator(anew)}
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
	for id := range f.Links {
		if strings.HasPrefix(id, s.Name+"-") && len(f.Links[id]) > 0 {
			owners = append(owners, id)
		}
	}
	return owners
}
