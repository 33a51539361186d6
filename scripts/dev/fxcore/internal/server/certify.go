package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"fxcore/lambda/trust/authority"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// The names of the files in a server's folder: its certificate with its key, and the core's authority.
const (
	certificateName = "server.pem"
	caName          = "ca.crt"
)

// CAFile returns the file with the certificate of the core's authority, which is no secret.
func CAFile(f folder.Folder) string { return f.Path(caName) }

// CAFile returns the file with the certificate of the core's authority.
func (s Setting) CAFile() string { return CAFile(s.Folder) }

// Authority returns the core's authority. The first call makes it, so that one must have no other beside it: the functions that return servers
// make it. Its key is in a folder of the caller's: no program and no server can read it.
func Authority(f folder.Folder) (*authority.Authority, error) {
	a, err := authority.Open(f.Path("authority"), "FX Core "+string(f), time.Now())
	if err != nil {
		return nil, err
	}
	if text, err := os.ReadFile(CAFile(f)); err == nil && bytes.Equal(text, a.PEM()) {
		return a, nil
	}
	return a, f.Write(caName, a.PEM(), 0o644)
}

// local is a server that others reach at this machine's own address.
func local(name string) authority.Subject {
	return authority.Subject{Name: name + ".fxcore", Hosts: []string{name + ".fxcore", "localhost", host}}
}

// certificate is a server's certificate in the server's own folder.
type certificate struct {
	setting Setting
	folder  string
	subject authority.Subject
	account process.Account // alone can read it
}

// path is where the server finds its certificate with its key.
func (c certificate) path() string { return filepath.Join(c.folder, certificateName) }

// write writes the certificate, unless a good one is there, and the authority's, since the folder of the core may be closed to the server's
// user. It reports whether the certificate is new. With anew it always is.
func (c certificate) write(anew bool) (changed bool, err error) {
	a, err := Authority(c.setting.Folder)
	if err != nil {
		return false, err
	}
	text, err := os.ReadFile(c.path())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("read certificate: %w", err)
	}
	if changed = anew || a.Due(text, time.Now()); changed {
		if text, err = a.Issue(c.subject, time.Now()); err != nil {
			return false, err
		}
	}
	content := func(text []byte) func() ([]byte, error) { return func() ([]byte, error) { return text, nil } }
	return changed, process.WriteFiles([]process.File{
		{Path: c.path(), Content: content(text)}, {Path: filepath.Join(c.folder, caName), Content: content(a.PEM())},
	}, c.account)
}

// renewal returns the step that replaces the certificate while the server runs. read has the server read it.
func (c certificate) renewal(read func(ctx context.Context) error) func(context.Context, bool) error {
	return func(ctx context.Context, anew bool) error {
		changed, err := c.write(anew)
		if err != nil || !changed {
			return err
		}
		return read(ctx)
	}
}

// Trusting returns a server's URL that also names the core's authority, for programs that know nothing of the core but the URL.
func (s Setting) Trusting(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // whoever uses it says what is wrong
	}
	name := "cacertfile"
	if u.Scheme == "postgres" {
		name = "sslrootcert"
	}
	query := u.Query()
	query.Set(name, s.CAFile())
	u.RawQuery = query.Encode()
	return u.String()
}
