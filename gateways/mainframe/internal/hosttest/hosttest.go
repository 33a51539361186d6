// Package hosttest runs the mainframe simulator as a process of its own for tests: it can be killed, started again on the
// same book, and told to misbehave.
package hosttest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/testkit"
	"fxcore/lambda/trust"
	"fxcore/lambda/trust/authority"
)

const (
	patience = 60 * time.Second                   // for starting on a busy machine
	binary   = "TEST_MAINFRAME_SIMULATOR"         // set by Main for Start
	sources  = "TEST_MAINFRAME_SIMULATOR_SOURCES" // its folders
	trusted  = "TEST_MAINFRAME_CERTIFICATES"      // a folder with certificates
)

// Main builds the simulator, runs the package's tests, and checks that they leave no goroutine behind. It is what TestMain
// calls.
func Main(m *testing.M) {
	dir, err := os.MkdirTemp("", "simulator")
	if err != nil {
		panic(err)
	}
	name := filepath.Join(dir, "mainframe-simulator")
	build := exec.Command("go", "build", "-o", name, "fxcore/gateways/mainframe/simulator")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build the simulator: %v\n%s", err, out))
	}
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.Dir}}{{end}}{{end}}", "fxcore/gateways/mainframe/simulator")
	dirs, err := list.Output()
	if err := errors.Join(err, certify(dir), os.Setenv(binary, name), os.Setenv(sources, string(dirs)), os.Setenv(trusted, dir)); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir) // the system cleans what is left
		os.Exit(code)
	}))
}

// certify makes an authority, and certificates of the simulator and of the gateway.
func certify(dir string) error {
	signs, err := authority.New("test", time.Now())
	if err != nil {
		return err
	}
	errs := []error{os.WriteFile(filepath.Join(dir, "ca.crt"), signs.PEM(), 0o600)}
	for name, hosts := range map[string][]string{"mainframe": nil, "mainframe-simulator": {"127.0.0.1"}} {
		text, err := signs.Issue(authority.Subject{Name: name, Hosts: hosts, Calls: true}, time.Now())
		errs = append(errs, err, os.WriteFile(filepath.Join(dir, name+".pem"), text, 0o600))
	}
	return errors.Join(errs...)
}

// TLS names the files of a component: the gateway is mainframe.
func TLS(component string) trust.Config {
	folder := os.Getenv(trusted)
	return trust.Config{CAFile: filepath.Join(folder, "ca.crt"), CertificateFile: filepath.Join(folder, component+".pem")}
}

// Trust is what a component knows and proves.
func Trust(t testing.TB, component string) *trust.Trust {
	t.Helper()
	opened, err := trust.Open(TLS(component))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// client makes requests to the simulator's control.
func (h *Host) client() *http.Client {
	h.t.Helper()
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: Trust(h.t, "mainframe").Dialing("127.0.0.1")}}
}

// Host is a running simulator.
type Host struct {
	Addr string // of the protocol

	t       testing.TB
	folder  string
	control string
	process *exec.Cmd
}

// Booking is what the tests look at of a line of the book.
type Booking struct {
	Reference string `json:"reference"`
	TradeID   string `json:"trade_id"`
}

// Movement is what the tests look at of a movement in the book.
type Movement struct {
	Reference  string `json:"reference"` // empty: it was refused
	MovementID string `json:"movement_id"`
	Code       string `json:"code"`
}

// depend looks at the sources that the simulator is built of. The go command remembers which files a test has looked at,
// and does not take its result from the cache once one of them has changed.
func depend(t testing.TB) {
	t.Helper()
	for dir := range strings.FieldsSeq(os.Getenv(sources)) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if _, err := os.Stat(file); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Start starts a simulator with an empty book. It ends with the test. TestMain must be Main.
func Start(t testing.TB) *Host {
	t.Helper()
	depend(t)
	h := &Host{Addr: testkit.Address(t), t: t, folder: t.TempDir(), control: testkit.Address(t)}
	h.Run()
	t.Cleanup(h.Kill)
	return h
}

// Run starts the process, on the book that it had before.
func (h *Host) Run() {
	h.t.Helper()
	h.process = exec.Command(os.Getenv(binary))
	h.process.Env = []string{
		"SIMULATOR_LISTEN=" + h.Addr, "SIMULATOR_CONTROL=" + h.control, "SIMULATOR_FOLDER=" + h.folder, "REPLICA=test",
		"TLS_CA_FILE=" + TLS("mainframe-simulator").CAFile, "TLS_CERTIFICATE_FILE=" + TLS("mainframe-simulator").CertificateFile,
	}
	h.process.Stderr = h.t.Output()
	if err := h.process.Start(); err != nil {
		h.t.Fatalf("start the simulator: %v", err)
	}
	testkit.Eventually(h.t, "the simulator's control", patience, func() error {
		_, err := h.get("/status")
		return err
	})
}

// AwaitDeath waits until the process has ended by itself, as it was told.
func (h *Host) AwaitDeath() {
	h.t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = h.process.Wait() // its exit code says that it died
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		h.t.Fatal("the simulator does not die")
	}
}

// Kill ends the process as a power failure would. It is harmless if it has ended.
func (h *Host) Kill() {
	_ = h.process.Process.Kill()
	_ = h.process.Wait() // killed, as wanted
}

// Order tells the simulator to misbehave: "/away?how=refuse&for=1m", or "/well".
func (h *Host) Order(what string) {
	h.t.Helper()
	response, err := h.client().PostForm(h.url(what), url.Values{})
	if err != nil {
		h.t.Fatalf("order %s: %v", what, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		h.t.Fatalf("order %s: %s", what, text)
	}
}

// Bookings returns the book in its order.
func (h *Host) Bookings() []Booking {
	h.t.Helper()
	return lines[Booking](h, "/bookings")
}

// Movements returns what was moved, in its order.
func (h *Host) Movements() []Movement {
	h.t.Helper()
	return lines[Movement](h, "/movements")
}

// lines reads a book, one JSON line each.
func lines[T any](h *Host, path string) []T {
	h.t.Helper()
	text, err := h.get(path)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []T
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		var line T
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			h.t.Fatalf("%s: %s: %v", path, lines.Bytes(), err)
		}
		all = append(all, line)
	}
	return all
}

// Balance returns what an account holds.
func (h *Host) Balance(account string) string {
	h.t.Helper()
	text, err := h.get("/balances")
	var all map[string]string
	if err := errors.Join(err, json.Unmarshal([]byte(text), &all)); err != nil {
		h.t.Fatal(err)
	}
	return all[account]
}

// Control returns the URL at which the simulator takes orders.
func (h *Host) Control() string { return h.url("") }

// Now returns the simulator's time.
func (h *Host) Now() time.Time {
	h.t.Helper()
	text, err := h.get("/status")
	var status struct{ Now time.Time }
	if err := errors.Join(err, json.Unmarshal([]byte(text), &status)); err != nil {
		h.t.Fatal(err)
	}
	return status.Now
}

func (h *Host) url(what string) string { return "https://" + h.control + what }

func (h *Host) get(what string) (string, error) {
	response, err := h.client().Get(h.url(what))
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("%s: %s", what, response.Status))
	}
	return string(text), err
}
