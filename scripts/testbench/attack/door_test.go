//go:build e2e

package attack

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
)

// logon returns a Logon of a demo provider.
func logon(id, password string) []byte {
	h := fixwire.Header{Begin: "FIX.4.4", Sender: id, Target: "FXCORE", Seq: 1, Sent: time.Now()}
	return fixwire.Append(nil, h, fixwire.NewBody("A").Int(98, 0).Int(108, 30).Text(141, "Y").Text(553, strings.ToLower(id)).Text(554, password))
}

// said writes bytes and returns what comes until the other side ends the connection.
func said(t *testing.T, conn net.Conn, sent []byte) string {
	t.Helper()
	_ = conn.SetDeadline(time.Now().Add(attackBound))
	if _, err := conn.Write(sent); err != nil {
		return ""
	}
	came, err := io.ReadAll(conn)
	if timeout, ok := err.(net.Error); ok && timeout.Timeout() { //nolint:errorlint // not wrapped
		t.Errorf("the connection stays open; %q came", came)
	}
	return string(came)
}

func (c *core) connect(t *testing.T, address string) net.Conn {
	t.Helper()
	return c.connectFrom(t, "127.0.0.1", address)
}

// connectFrom connects from an address of this machine. Who floods does it from one of its own: what comes from an address that guesses is held
// back for a while, whoever it is.
func (c *core) connectFrom(t *testing.T, own, address string) net.Conn {
	t.Helper()
	from := &net.TCPAddr{IP: net.ParseIP(own)}
	conn, err := (&net.Dialer{Timeout: attackBound, LocalAddr: from}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// instance returns where the first FIX gateway takes HAProxy's connections.
func (c *core) instance(t *testing.T) string {
	t.Helper()
	host, port, err := net.SplitHostPort(c.urls["fix"])
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort(host, strconv.Itoa(n-fixPort+firstInstance))
}

// Where ports lie in a block.
const (
	fixPort       = 6
	firstInstance = 10
)

// A local process goes straight to the gateway's port and says by a PROXY header that it comes from elsewhere. It has a provider's password,
// and a certificate that it made itself. The gateway believes nothing of it, and the false address is nowhere.
func TestALocalProcessCannotSayWhoComes(t *testing.T) {
	c := theCore(t)
	header, err := proxyproto.HeaderProxyFromAddrs(2, &net.TCPAddr{IP: net.ParseIP("203.0.113.77"), Port: 1000}, &net.TCPAddr{IP: net.ParseIP("127.0.0.1"), Port: 9876}).Format()
	if err != nil {
		t.Fatal(err)
	}
	right := logon("SANDBOX44", "sandbox44-demo")
	if got := said(t, c.connect(t, c.instance(t)), append(bytes.Clone(header), right...)); strings.Contains(got, "35=") {
		t.Errorf("without TLS: %q", got)
	}
	for name, certificates := range map[string][]tls.Certificate{"without a certificate": nil, "with one of its own": {selfMade(t)}} {
		conn := c.connect(t, c.instance(t))
		if _, err := conn.Write(header); err != nil {
			t.Fatal(err)
		}
		secured := tls.Client(conn, &tls.Config{ //nolint:gosec // the attacker does not care whom it talks to
			Certificates: certificates, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12,
			ServerName: fmt.Sprintf("%x.gateway.fxcore", sha256.Sum256([]byte("203.0.113.77|0||"))),
		})
		if got := said(t, secured, right); strings.Contains(got, "35=") {
			t.Errorf("%s: %q", name, got)
		}
	}
	if file := c.inLogs(t, "203.0.113.77"); file != "" {
		t.Errorf("the false address is in %s", file)
	}
}

// selfMade is a certificate with the router's name.
func selfMade(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "router.fxcore"}, DNSNames: []string{"router.fxcore"}, NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// inLogs returns the log that has a text.
func (c *core) inLogs(t *testing.T, text string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(c.Folder, "log", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil && bytes.Contains(content, []byte(text)) { //nolint:gosec // the core's own
			return file
		}
	}
	return ""
}

var differ = regexp.MustCompile(`\b(9|52|10)=[^\x01]*`)

// A stranger guesses at HAProxy's port: it cannot tell a session that exists from one that does not.
func TestAStrangerCannotTellWhichSessionsExist(t *testing.T) {
	c := theCore(t)
	answer := func(id, password string) string {
		got := said(t, c.connect(t, c.urls["fix"]), logon(id, password))
		return differ.ReplaceAllString(strings.ReplaceAll(got, id, "ID"), "$1=")
	}
	want := answer("NOBODY", "guess")
	if !strings.Contains(want, "35=5\x0134=1\x01") {
		t.Fatalf("the answer is %q", want)
	}
	for _, id := range []string{"SANDBOX44", "TEST7", "ALPHA"} {
		got := ""
		testkit.Eventually(t, "an answer: while nobody serves a session, HAProxy gives none", attackBound, func() error {
			if got = answer(id, "guess"); got == "" {
				return fmt.Errorf("none for %s", id)
			}
			return nil
		})
		if got != want {
			t.Errorf("%s: %q, and a session that does not exist %q", id, got, want)
		}
	}
}

// Strangers send long texts of control characters. What they make the core write is little, and none of it is raw.
func TestStrangersCannotFillTheLogs(t *testing.T) {
	c := theCore(t)
	before := c.logged(t)
	h := fixwire.Header{Begin: "FIX.4.4", Sender: "NOBODY", Target: "FXCORE", Seq: 1, Sent: time.Now()}
	noise := fixwire.Append(nil, h, fixwire.NewBody(strings.Repeat("\u009b\x1b", 900)))
	for range 300 {
		_ = said(t, c.connect(t, c.urls["fix"]), noise)
	}
	for name, size := range c.logged(t) {
		if (strings.HasPrefix(name, "fix") || strings.HasPrefix(name, "haproxy")) && size-before[name] > 256<<10 {
			t.Errorf("%s grew by %d bytes", name, size-before[name])
		}
	}
	if file := c.inLogs(t, "\u009b"); file != "" {
		t.Errorf("U+009B is in %s", file)
	}
}

// logged returns the sizes of all logs.
func (c *core) logged(t *testing.T) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	files, err := os.ReadDir(filepath.Join(c.Folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if info, err := file.Info(); err == nil {
			sizes[file.Name()] = info.Size()
		}
	}
	return sizes
}

// Operations cuts a provider off: its session ends within seconds, its right password opens nothing, and it comes back when it is admitted.
func TestAProviderIsCutOff(t *testing.T) {
	c := theCore(t)
	command := func(word string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), attackBound)
		defer cancel()
		fxctl := exec.CommandContext(ctx, filepath.Join(c.Bin, "fxctl"), "--core", c.Folder, "failover", word, "SANDBOX44", "-why", "an attack") //nolint:gosec // ours
		if out, err := fxctl.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", word, err, out)
		}
	}
	conn := c.connect(t, c.urls["fix"])
	_ = conn.SetDeadline(time.Now().Add(attackBound))
	if _, err := conn.Write(logon("SANDBOX44", "sandbox44-demo")); err != nil {
		t.Fatal(err)
	}
	reader, m := fixwire.NewReader(conn), new(fixwire.Message)
	if err := reader.Next(m); err != nil || m.Kind != "A" {
		t.Fatalf("the logon is answered by %q, %v", m.Kind, err)
	}
	began := time.Now()
	command("bar")
	defer command("admit")
	for m.Kind != "5" {
		if err := reader.Next(m); err != nil {
			t.Fatalf("not cut off: %v", err)
		}
	}
	t.Logf("cut off after %s: %s", time.Since(began), m.Text(58))
	if got := said(t, c.connect(t, c.urls["fix"]), logon("SANDBOX44", "sandbox44-demo")); !strings.Contains(got, "35=5\x0134=1\x01") {
		t.Errorf("the right password is answered by %q", got)
	}
}
