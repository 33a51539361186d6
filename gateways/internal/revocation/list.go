// Package revocation has the certificates of providers that their authority has revoked. The list is a file, which is read again when it
// changes.
package revocation

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"fxcore/gateways/internal/reread"
)

// List has the serial numbers of revoked certificates, in hexadecimal digits. The zero value has none.
type List struct {
	file    *reread.File[lists]
	changed func()

	mu  sync.Mutex
	now lists
}

// lists is the content of a file.
type lists struct {
	revoked map[string]bool
	next    time.Time // when the authority publishes the next one, at the latest
}

// Open returns the list with this content, which lies at path, if that is not empty. authorities has the certificates, in PEM, that may
// sign it. changed is called after a change; it must not wait. Without content there is no list. Error: the content is no list that one
// of the authorities has signed.
func Open(path, content, authorities string, changed func(), log *slog.Logger) (*List, error) {
	if content == "" {
		return &List{}, nil
	}
	signers, err := certificates([]byte(authorities))
	if err != nil {
		return nil, err
	}
	read := func(b []byte) (lists, error) { return parse(b, signers) }
	first, err := read([]byte(content))
	if err != nil {
		return nil, err
	}
	l := &List{now: first, changed: changed}
	if path != "" {
		l.file = reread.New(path, []byte(content), read, l.apply, log)
	}
	return l, nil
}

// Has reports whether a certificate is revoked, by its serial number.
func (l *List) Has(serial string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return serial != "" && l.now.revoked[serial]
}

// Run follows the file until ctx ends.
func (l *List) Run(ctx context.Context) error {
	if l.file == nil {
		<-ctx.Done()
		return nil
	}
	return l.file.Run(ctx)
}

// Check returns nil while the list is up to date. One that is overdue, or cannot be read, stays in force: without it revoked certificates
// would be admitted, and with no certificate admitted at all every provider would be locked out by an authority that is late.
func (l *List) Check(ctx context.Context) error {
	if l.file != nil {
		if err := l.file.Check(ctx); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if next := l.now.next; !next.IsZero() && time.Now().After(next) {
		return fmt.Errorf("the list of revoked certificates is overdue since %s: it stays in force; get a new one from the authority", next.UTC().Format(time.RFC3339))
	}
	return nil
}

func (l *List) apply(_ context.Context, read lists) error {
	l.mu.Lock()
	l.now = read
	l.mu.Unlock()
	l.changed()
	return nil
}

// certificates reads PEM.
func certificates(text []byte) (all []*x509.Certificate, err error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read the authorities of clients: %w", err)
		}
		all = append(all, one)
	}
	if len(all) == 0 {
		return nil, errors.New("a list of revoked certificates needs the authorities that sign it")
	}
	return all, nil
}

// parse reads one or more lists in PEM, each signed by one of the authorities.
func parse(text []byte, signers []*x509.Certificate) (lists, error) {
	read := lists{revoked: map[string]bool{}}
	found := false
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseRevocationList(block.Bytes)
		if err != nil {
			return lists{}, fmt.Errorf("read the list of revoked certificates: %w", err)
		}
		if !slices.ContainsFunc(signers, func(s *x509.Certificate) bool { return one.CheckSignatureFrom(s) == nil }) {
			return lists{}, errors.New("read the list of revoked certificates: none of the authorities has signed it")
		}
		for _, entry := range one.RevokedCertificateEntries {
			read.revoked[entry.SerialNumber.Text(16)] = true
		}
		if read.next.IsZero() || one.NextUpdate.Before(read.next) {
			read.next = one.NextUpdate
		}
		found = true
	}
	if !found {
		return lists{}, errors.New("read the list of revoked certificates: it has no PEM block")
	}
	return read, nil
}
