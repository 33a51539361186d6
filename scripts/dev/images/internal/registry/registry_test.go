package registry_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/scripts/dev/images/internal/registry"
)

// A password, or an image that somebody changes on the way, must not travel in plain text.
func TestOnlyARegistryOnThisMachineIsReachedWithoutTLS(t *testing.T) {
	t.Parallel()
	for prefix, plain := range map[string]bool{
		"127.0.0.1:5000/fxcore": true, "localhost:5000": true, "registry.bank.example:5000/fxcore": false, "10.0.0.1:5000": false, "registry": false,
	} {
		repository, err := registry.Settings{Prefix: prefix}.Repository("auth")
		if err != nil || repository.PlainHTTP != plain {
			t.Errorf("%s: plain text %t, %v", prefix, repository.PlainHTTP, err)
		}
	}
	if _, err := (registry.Settings{Prefix: "no address/"}).Repository("auth"); err == nil {
		t.Error("nonsense is an address")
	}
}

// The client proves itself to the registry that its authority vouches for, and says nothing to any other.
func TestTheRegistryIsKnownByItsAuthority(t *testing.T) {
	t.Parallel()
	var came int
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); !ok || user != "pipeline" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		came++
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	address := strings.TrimPrefix(server.URL, "https://")
	for ca, want := range map[string]int{"": 0, file: 1} {
		came = 0
		repository, err := registry.Settings{Prefix: address + "/fxcore", User: "pipeline", Password: "secret", CAFile: ca}.Repository("auth")
		if err != nil {
			t.Fatal(err)
		}
		repository.PlainHTTP = false // although it is on this machine
		if _, err := repository.Resolve(t.Context(), "tag"); err == nil || came != want {
			t.Errorf("with the authority %q it came %d times, %v", ca, came, err)
		}
	}
	for _, bad := range []string{file + ".none", "registry_test.go"} {
		if _, err := (registry.Settings{Prefix: address, CAFile: bad}).Repository("auth"); err == nil {
			t.Errorf("%s is an authority", bad)
		}
	}
}
