//go:build e2e

package attack

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/trust"
	"fxcore/scripts/internal/operator"
)

// own returns the certificate of a program, as somebody has it who has taken the program over.
func (m means) own(t *testing.T) *trust.Trust {
	t.Helper()
	known, err := trust.Open(trust.Config{CAFile: m.settings["TLS_CA_FILE"], CertificateFile: m.settings["TLS_CERTIFICATE_FILE"]})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// A local user without rights, and somebody who has taken over a program that has no business there, read the mainframe's whole book once, and
// HAProxy's statistics. Now they get no answer, and the operator does.
func TestNobodyElseReadsThePagesOfTheOperator(t *testing.T) {
	c := theCore(t)
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	trading := c.means(t, "trading")
	nobody, err := trust.Open(trust.Config{CAFile: trading.settings["TLS_CA_FILE"]})
	if err != nil {
		t.Fatal(err)
	}
	strangers := map[string]*trust.Trust{"a local user": nobody, "trading": trading.own(t), "the FIX gateway": c.means(t, "fix").own(t)}
	for _, page := range []struct{ url, path string }{{"mainframe_control", "/bookings"}, {"haproxy", "/;csv"}, {"haproxy", "/metrics"}} {
		response, err := operator.Do(t.Context(), http.MethodGet, c.urls[page.url], page.path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("the operator gets %s for %s", response.Status, page.path)
		}
		at, err := url.Parse(c.urls[page.url])
		if err != nil {
			t.Fatal(err)
		}
		for who, by := range strangers {
			client := &http.Client{Timeout: attackBound, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: by.Dialing(at.Hostname())}}
			response, err := client.Get("https://127.0.0.1:" + at.Port() + page.path)
			if err != nil {
				continue
			}
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				t.Errorf("%s reads %s of %s", who, page.path, page.url)
			}
		}
	}
	for who, by := range strangers {
		conn, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.Ports["mainframe"])), by.Dialing("mainframe-simulator.fxcore"))
		if err != nil {
			continue
		}
		_ = conn.SetDeadline(time.Now().Add(attackBound))
		if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Errorf("%s talks to the mainframe", who)
		}
		_ = conn.Close()
	}
}

// Somebody has a program's certificate and its key, and poses with it as one of the servers. No program believes them.
func TestAProgramsCertificateDoesNotPassForAServers(t *testing.T) {
	c := theCore(t)
	m := c.means(t, "trading")
	pair, err := m.own(t).Dialing("any").GetClientCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	thief := newThiefWith(t, *pair)
	if _, err := pgx.Connect(t.Context(), thief.through(t, m.setting(t, "POSTGRES_URL"))); err == nil {
		t.Error("a program passes for the database")
	}
	thief = newThiefWith(t, *pair)
	if conn, err := dial(thief.through(t, m.setting(t, "AMQP_URL"))); err == nil {
		_ = conn.Close()
		t.Error("a program passes for the broker")
	}
	if heard := thief.heard(); heard != "" {
		t.Errorf("it was told %q", heard)
	}
}
