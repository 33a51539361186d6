package icinga_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/icinga"
)

// certify writes a certificate for localhost that is its own authority, as certs/name.crt, .key and ca.crt.
func certify(t *testing.T, folder, name string) (ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certs := filepath.Join(folder, "certs")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for file, content := range map[string][]byte{
		name + ".crt": certificate, "ca.crt": certificate, name + ".key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	} {
		write(t, filepath.Join(certs, file), content)
	}
	return filepath.Join(certs, "ca.crt")
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

const password = "of-this-test"

// start runs the real daemon with the core's objects, and returns how to reach it. The test is left out where Icinga is not installed.
func start(t *testing.T) icinga.Config {
	t.Helper()
	daemon, err := exec.LookPath("icinga2")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("left out: icinga2 is not installed: scripts/bootstrap full")
	}
	folder, port := t.TempDir(), free(t)
	cfg := icinga.Config{URL: fmt.Sprint("https://127.0.0.1:", port), User: "fxcore", Password: password, CA: certify(t, folder, "fxcore-test"), TTL: 2}
	objects, err := filepath.Abs("../../../../observability/icinga/fxcore.conf")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`const NodeName = "fxcore-test"
const ZoneName = NodeName
include <itl>
object Endpoint NodeName {}
object Zone ZoneName { endpoints = [ NodeName ] }
object CheckerComponent "checker" {}
object ApiListener "api" { bind_host = "127.0.0.1"; bind_port = %d }
object ApiUser "fxcore" { password = "%s"; permissions = [ "actions/process-check-result", "objects/query/*" ] }
include "%s"
`, port, password, objects)
	file := filepath.Join(folder, "icinga.conf")
	write(t, file, []byte(text))
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"daemon", "-c", file}
	for _, name := range []string{"DataDir", "CacheDir", "InitRunDir", "LogDir"} {
		args = append(args, "-D"+name+"="+folder)
	}
	process := exec.CommandContext(t.Context(), daemon, args...) //nolint:gosec // fixed arguments
	process.Env = append(os.Environ(), "ICINGA2_USER="+me.Username, "ICINGA2_GROUP="+me.Username)
	var out bytes.Buffer
	process.Stdout, process.Stderr = &out, &out
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	process.WaitDelay = 20 * time.Second
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
	return cfg
}

func free(t *testing.T) int {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port //nolint:errcheck,forcetypeassert // a TCP listener
}

type service struct {
	State  float64 `json:"state"`
	Result struct {
		Output string `json:"output"`
	} `json:"last_check_result"`
}

// ask returns the state of a host or service in Icinga: "hosts/name", "services/host!name".
func ask(t *testing.T, cfg icinga.Config, object string) (s service, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, cfg.URL+"/v1/objects/"+object, nil)
	if err != nil {
		return s, err
	}
	request.SetBasicAuth(cfg.User, cfg.Password)
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the client under test checks it
	}}
	response, err := client.Do(request)
	if err != nil {
		return s, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Results []struct {
			Attrs service `json:"attrs"`
		} `json:"results"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Results) != 1 {
		return s, fmt.Errorf("%d results, %w", len(answer.Results), err)
	}
	return answer.Results[0].Attrs, nil
}

const patience = time.Minute

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func TestIcingaShowsWhatFiresAndNoticesWhenTheNewsStops(t *testing.T) {
	cfg := start(t)
	client := icinga.Open(cfg, testkit.Log(t), time.Now)
	book := alert.Book{"disk_full:core": {Key: "disk_full:core", Rule: "disk_full", Subject: "core", State: alert.Firing, Text: "the disk is nearly full"}}
	is := func(what string, book alert.Book, state float64, text string) {
		t.Helper()
		testkit.Eventually(t, what, patience, func() error {
			if book != nil {
				client.Show(t.Context(), book)
				if err := client.Fresh(t.Context()); err != nil {
					return err
				}
			}
			s, err := ask(t, cfg, "services/"+icinga.Host+"!disk_full")
			if err == nil && (s.State != state || !strings.Contains(s.Result.Output, text)) {
				err = fmt.Errorf("state %v: %s", s.State, s.Result.Output)
			}
			if err != nil {
				return err
			}
			host, err := ask(t, cfg, "hosts/"+icinga.Host)
			if down := float64(oneIf(book == nil)); err == nil && host.State != down {
				err = fmt.Errorf("the host is %v: %s", host.State, host.Result.Output)
			}
			return err
		})
	}
	is("critical", book, 2, "the disk is nearly full")
	is("ok", alert.Book{}, 0, "nothing fires")
	is("no news", nil, 3, "no news from monitoring")
	is("ok again", alert.Book{}, 0, "nothing fires")
}

func TestAFiringTicketIsAWarningAndAPendingAlertIsNothing(t *testing.T) {
	for _, r := range alert.Rules() {
		want := map[alert.Severity]int{alert.Page: 2, alert.Ticket: 1, alert.Info: 1}[r.Severity]
		of := func(state alert.State) int {
			return icinga.ResultOf(r, alert.Book{"k": {Key: "k", Rule: r.Name, State: state, Text: "x"}}).Exit
		}
		if of(alert.Firing) != want || of(alert.Pending) != 0 || of(alert.Cleared) != 0 {
			t.Errorf("%s: %d", r.Name, of(alert.Firing))
		}
	}
}

func TestAnIcingaThatIsAwayIsAWarning(t *testing.T) {
	client := icinga.Open(icinga.Config{URL: fmt.Sprint("https://127.0.0.1:", free(t)), TTL: 2}, testkit.Log(t), time.Now)
	client.Show(t.Context(), alert.Book{})
	if client.Fresh(t.Context()) == nil || client.Up() != 0 {
		t.Errorf("no warning; up is %v", client.Up())
	}
}

// A replica that does not judge sends nothing: it does not know whether Icinga is there.
func TestWhoSendsNothingDoesNotSayThatIcingaIsThere(t *testing.T) {
	if up := icinga.Open(icinga.Config{URL: "https://127.0.0.1:1"}, testkit.Log(t), time.Now).Up(); !math.IsNaN(up) {
		t.Errorf("up is %v", up)
	}
}
