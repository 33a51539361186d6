// Package operatortest serves pages, in a test, as a component of a running core does.
package operatortest

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/lambda/testkit"
	"fxcore/lambda/trust"
	"fxcore/lambda/trust/authority"
)

// Serve serves to the operator until the test ends. It returns the URL, as the core's record has it.
func Serve(t testing.TB, handler http.Handler) (base string) {
	t.Helper()
	folder := t.TempDir()
	testkit.Certify(t, folder, authority.Subject{Name: "pages", Hosts: []string{"127.0.0.1"}}, authority.Subject{Name: "operator", Calls: true})
	ca, own := filepath.Join(folder, "ca.crt"), filepath.Join(folder, "operator.pem")
	known, err := trust.Open(trust.Config{CAFile: ca, CertificateFile: filepath.Join(folder, "pages.pem")})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.Listener = tls.NewListener(server.Listener, known.Server("operator")) // StartTLS would show a certificate of its own
	server.Start()
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http:", "https:", 1) + "?" + url.Values{"cacertfile": {ca}, "certfile": {own}}.Encode()
}
