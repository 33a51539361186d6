package revocation_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/revocation"
	"fxcore/lambda/testkit"
)

// authority signs lists.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{t, cert, key}
}

func (a authority) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
}

// revokes returns a list that is due at a time.
func (a authority) revokes(due time.Time, serials ...int64) string {
	a.t.Helper()
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: due.Add(-time.Hour), NextUpdate: due}
	for _, serial := range serials {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: time.Now()})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, a.cert, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}))
}

// A certificate is revoked as soon as its authority's new list lies there. A list of somebody else changes nothing.
func TestTheListIsFollowed(t *testing.T) {
	a, path := newAuthority(t), filepath.Join(t.TempDir(), "list.pem")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	due := time.Now().Add(time.Hour)
	write(a.revokes(due, 0xabc))
	changes := make(chan bool, 9)
	l, err := revocation.Open(path, a.revokes(due, 0xabc), a.pem(), func() { changes <- true }, testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	testkit.Background(t, l.Run)
	if !l.Has("abc") || l.Has("def") || l.Has("") {
		t.Errorf("abc %t, def %t, none %t", l.Has("abc"), l.Has("def"), l.Has(""))
	}
	write(newAuthority(t).revokes(due, 0xdef))
	testkit.Eventually(t, "the warning", 30*time.Second, func() error {
		if err := l.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "none of the authorities has signed it") {
			return fmt.Errorf("it is %w", err)
		}
		return nil
	})
	if !l.Has("abc") || l.Has("def") {
		t.Error("a list of another authority is in force")
	}
	write(a.revokes(time.Now().Add(-time.Minute), 0xabc, 0xdef))
	testkit.Eventually(t, "the new list", 30*time.Second, func() error {
		if !l.Has("def") {
			return fmt.Errorf("def is not revoked")
		}
		return nil
	})
	<-changes
	testkit.Eventually(t, "the warning that it is overdue", 30*time.Second, func() error {
		if err := l.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "overdue") {
			return fmt.Errorf("it is %w", err)
		}
		return nil
	})
}

// Without a list nothing is revoked. What is no list, or nobody has signed, is refused at the start.
func TestWhatIsNoListIsRefused(t *testing.T) {
	a := newAuthority(t)
	if l, err := revocation.Open("", "", "", nil, testkit.Log(t)); err != nil || l.Has("abc") || l.Check(t.Context()) != nil {
		t.Error(err)
	}
	for says, content := range map[string]string{
		"no PEM block":    "abc",
		"none of the":     newAuthority(t).revokes(time.Now()),
		"read the list":   a.pem(),
		"the authorities": a.revokes(time.Now()),
	} {
		authorities := a.pem()
		if says == "the authorities" {
			authorities = ""
		}
		if _, err := revocation.Open("", content, authorities, nil, testkit.Log(t)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}
