package testkit

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/trust"
	"fxcore/lambda/trust/authority"
)

// caParameter of a URL names the file with the authority of the server's certificate.
const caParameter = "cacertfile"

// web returns a client for a server's URL, and the URL without the name of its authority's file. It keeps no connection: an idle one would
// look like a leaked goroutine to the test.
func web(t testing.TB, address string) (*http.Client, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	secure, err := trust.Open(trust.Config{CAFile: u.Query().Get(caParameter)})
	if err != nil {
		t.Fatal(err)
	}
	host := u.Hostname()
	u.RawQuery = ""
	return &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: secure.Dialing(host), DisableKeepAlives: true}}, u.String()
}

// Certify makes an authority of the test's own and certificates that it has signed: the files ca.crt and NAME.pem in the folder.
func Certify(t testing.TB, folder string, subjects ...authority.Subject) {
	t.Helper()
	a, err := authority.New("test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ca.crt", a.PEM())
	for _, s := range subjects {
		text, err := a.Issue(s, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		write(s.Name+".pem", text)
	}
}

// CA returns the file of an authority that is the test's own: no server has a certificate of it.
func CA(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	Certify(t, folder)
	return filepath.Join(folder, "ca.crt")
}
