package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// Two replicas run on real servers, with lines in PostgreSQL. They find their own lines and health, once, for who has the right.
func TestTheServiceOnPostgres(t *testing.T) { serves(t, "", "") }

// The same with lines in Elasticsearch.
func TestTheServiceOnElasticsearch(t *testing.T) {
	url, prefix := testkit.Elasticsearch(t)
	serves(t, url, prefix)
}

func serves(t *testing.T, elasticsearch, prefix string) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	certificate, key := selfSigned(t)
	cfg := settings{
		Base: program.Base("1"), AMQP: on.AMQP, Postgres: on.Postgres, Inbox: on.Inbox, SignIn: signin.Config{Audience: "api"},
		HTTP:          web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key},
		Elasticsearch: elasticsearch, Prefix: prefix, Keep: 72 * time.Hour,
	}
	one, server := service(cfg)
	cfg.Base = program.Base("2")
	two, _ := service(cfg)
	stop := program.Start(t, time.Minute, one, two)
	two.Log.Warn("the lamp is broken", "labels.password", "tuna", "labels.correlation", "L-1")

	caller := newCaller(t, certificate, "https://"+server.Addr())
	if code, _ := caller.get(t, "/v1/logs", ""); code != http.StatusUnauthorized {
		t.Errorf("without a token: %d", code)
	}
	peer := program.Meet(t, on.AMQP.URL, auth)
	token, weak := access.NewToken(), access.NewToken()
	peer.Tell(t, issued(t, token, rights.Operations, string(rights.ViewOperations)))
	peer.Tell(t, issued(t, weak, rights.Trader, "trade.view"))
	expect := func(path, token string, want int, check func(items []map[string]any) error) {
		t.Helper()
		testkit.Eventually(t, path, time.Minute, func() error {
			code, items := caller.get(t, path, token)
			if code != want {
				return fmt.Errorf("status %d", code)
			}
			return check(items)
		})
	}
	expect("/v1/logs?correlation=L-1", token, http.StatusOK, func(items []map[string]any) error {
		if len(items) != 1 || items[0]["instance"] != "logging-2" || items[0]["message"] != "the lamp is broken" || items[0]["level"] != "warn" {
			return fmt.Errorf("%v", items)
		}
		return nil
	})
	expect("/v1/health-history?instance=logging-2&at="+time.Now().Add(7*time.Second).UTC().Format(time.RFC3339), token, http.StatusOK, func(items []map[string]any) error {
		if len(items) != 1 || items[0]["state"] != "ready" {
			return fmt.Errorf("%v", items)
		}
		return nil
	})
	expect("/v1/logs", weak, http.StatusForbidden, func([]map[string]any) error { return nil })
	expect("/v1/logs?q=tuna", token, http.StatusOK, func(items []map[string]any) error {
		if len(items) != 0 {
			return fmt.Errorf("a secret is found: %v", items)
		}
		return nil
	})
	expect("/v1/logs?leval=warn", token, http.StatusUnprocessableEntity, func([]map[string]any) error { return nil })
	stop()
}

// auth issues tokens.
var auth = amqp.Topology{
	Service:   "auth",
	Publishes: []amqp.Publication{{Exchange: contract.Exchange(contract.TokenIssued), Type: contract.TokenIssued}},
}

func issued(t *testing.T, token string, role rights.Role, scope string) event.Event {
	t.Helper()
	e, err := event.New(contract.TokenIssued, event.NewID(testkit.Day, token), "api", access.HashOf(token), access.Issued{
		TokenHash: access.HashOf(token), User: "U1", Roles: []string{string(role)}, Audience: "api", Scope: []string{scope},
		IssuedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

type caller struct {
	client *http.Client
	base   string
}

func newCaller(t *testing.T, certificate, base string) caller {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(certificate))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}
	t.Cleanup(client.CloseIdleConnections)
	return caller{client, base}
}

func (c caller) get(t *testing.T, path, token string) (code int, items []map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var page struct{ Items []map[string]any }
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatalf("%s: %s", path, body)
	}
	return response.StatusCode, page.Items
}

// selfSigned returns a certificate for this machine and its key, as PEM.
func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, content []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}))
	}
	return block("CERTIFICATE", signed), block("PRIVATE KEY", encoded)
}
