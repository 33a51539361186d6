// Package crowdtest is an HTTP interface for tests of those who call it.
package crowdtest

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/scripts/testbench/bench/internal/mix"
)

// Asked is a request for a trade.
type Asked struct {
	User, Key string
	Protocol  string // HTTP/2.0
	Order     mix.Order
}

// The answers that an interface may give.
const (
	Registered = `{"state":"registered"}`
	Pending    = `{"state":"pending"}`
	Rejected   = `{"state":"rejected","rejection":{"code":"line_exceeded","text":"there is no room"}}`
)

// Serve serves an interface over TLS until the test ends. answer tells what a request for a trade is answered; it is called from many
// goroutines. Serve returns the interface's URL, and a folder with its certificate and its users.
func Serve(t *testing.T, answer func(a Asked) (status int, body string)) (url, folder string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/tokens", func(w http.ResponseWriter, r *http.Request) {
		var proof struct{ User string }
		_ = json.NewDecoder(r.Body).Decode(&proof) // an empty name is no user's
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"token":%q}`, proof.User)
	})
	mux.HandleFunc("POST /v1/trades", func(w http.ResponseWriter, r *http.Request) {
		a := Asked{User: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Key: r.Header.Get("Idempotency-Key"), Protocol: r.Proto}
		_ = json.NewDecoder(r.Body).Decode(&a.Order) // the test sees that it is empty
		status, body := answer(a)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
	server := httptest.NewUnstartedServer(mux)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, write(t, server.Certificate().Raw)
}

func write(t *testing.T, certificate []byte) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"../ca.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		"users.json": []byte(`[{"user":"U0001","password":"p","totp":"AAAAAAAA"},{"user":"U0015","password":"p","totp":"AAAAAAAA"},
			{"user":"U0019","secret":"s"},{"user":"U0020","secret":"s"}]`),
	} {
		if err := os.WriteFile(filepath.Join(folder, "secrets", name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
