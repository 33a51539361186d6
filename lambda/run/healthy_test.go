package run_test

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// ask runs the program with -healthy, as a container engine does, and returns its exit code and what it says.
func ask(t *testing.T, address string) (code int, said string) {
	t.Helper()
	process := exec.CommandContext(t.Context(), os.Args[0], "-healthy") //nolint:gosec // ourselves
	process.Env = append(os.Environ(), child+"=words", "HEALTH_ADDR="+address)
	var complaint bytes.Buffer
	process.Stderr = &complaint
	_ = process.Run() // the code says it
	return process.ProcessState.ExitCode(), complaint.String()
}

func TestHealthyAsksTheProgramBesideIt(t *testing.T) {
	var started atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/started" || !started.Load() {
			http.Error(w, "the store is away", http.StatusServiceUnavailable)
		}
	}))
	address := server.Listener.Addr().String()
	if code, said := ask(t, address); code != 1 || !strings.Contains(said, "the store is away") {
		t.Errorf("before the start: code %d, said %q", code, said)
	}
	started.Store(true)
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{address, "0.0.0.0:" + port, ":" + port} {
		if code, said := ask(t, same); code != 0 {
			t.Errorf("at %s: code %d, said %q", same, code, said)
		}
	}
	server.Close()
	if code, _ := ask(t, address); code != 1 {
		t.Errorf("when nobody answers: code %d", code)
	}
}

func TestHealthyNeedsAPort(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:0", "nonsense"} {
		if code, said := ask(t, address); code != 1 || !strings.Contains(said, "HEALTH_ADDR") {
			t.Errorf("%q: code %d, said %q", address, code, said)
		}
	}
}
