package server

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"fxcore/lambda/trust/authority"
	"fxcore/scripts/dev/fxcore/internal/folder"
)

// NameOf is the name of a component by which others check its certificate.
func NameOf(component string) string { return component + ".fxcore" }

// operatorName is the name in the certificate of the person who operates the core.
const operatorName = "operator"

// OperatorFile is the certificate of the person who operates the core: for the pages of HAProxy and of the mainframe's simulator. Whoever has
// started the core alone can read it.
func OperatorFile(f folder.Folder) string { return f.Path("secrets", "operator.pem") }

// WriteOperator writes the operator's certificate, unless there is a good one. With anew it is always a new one.
func WriteOperator(f folder.Folder, anew bool) error {
	text, err := ProgramCertificate(f, operatorName, OperatorFile(f), anew)
	if err != nil {
		return err
	}
	return f.Write("secrets/operator.pem", text, 0o600)
}

// ProgramCertificate returns the certificate in a file, or a new one if that is due, or in any case. A program's certificate does not have the
// address of this machine: it must not pass for that of PostgreSQL, of RabbitMQ or of Redis.
func ProgramCertificate(f folder.Folder, name, path string, anew bool) ([]byte, error) {
	a, err := Authority(f)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path) //nolint:gosec // the core's own
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the certificate of %s: %w", name, err)
	}
	if !anew && !a.Due(text, time.Now()) {
		return text, nil
	}
	return a.Issue(authority.Subject{Name: name, Hosts: []string{NameOf(name)}, Calls: true}, time.Now())
}
