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
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// The test runs the whole service on real servers. It hears of a registered trade, serves its document over TLS, and leaves nothing
// behind.
func TestTheServiceServesAndStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), map[string]map[string]string{
		"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
		"pairs":      {},
		"calendars":  {},
		"points":     {},
		"clients":    {"C000900": `{"name":"Sandbox","desk":"FXS1","status":"active"}`},
		"rates":      {"USD": `{"mid":"1.1172","as_of":"2026-11-24T09:59:58Z"}`},
	})
	certificate, key := selfSigned(t)
	app, server := service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox,
		HTTP:   web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key},
		SignIn: signin.Config{Audience: "api"}, Originals: time.Hour, Static: mirrortest.Config(t),
	})
	stop := program.Start(t, time.Minute, app)
	program.Meet(t, on.AMQP.URL, trading).Tell(t, registered(t))
	testkit.Eventually(t, "the trade is handled", time.Minute, func() error {
		if n := app.Health.Status(t.Context()).Counters["api.handled"]; n != 1 {
			return fmt.Errorf("%d events", n)
		}
		return nil
	})
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(certificate))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	for path, want := range map[string]int{"/openapi.json": http.StatusOK, "/v1/trades": http.StatusUnauthorized} {
		if got := status(t, client, "https://"+server.Addr()+path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	stop()
}

func status(t *testing.T, client *http.Client, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	if response.ProtoMajor != 2 {
		t.Errorf("%s by %s, want HTTP/2", url, response.Proto)
	}
	return response.StatusCode
}

func registered(t *testing.T) event.Event {
	t.Helper()
	trade := event.NewID(testkit.Day, "trade", "1")
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, "message", "1"), "alpha", trade,
		json.RawMessage(`{"request":{"product":"spot"},"registered":{"trade_id":"`+trade+`","version":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// trading publishes registered trades.
var trading = amqp.Topology{
	Service:   "trading",
	Publishes: []amqp.Publication{{Exchange: contract.TradeExchange, Type: contract.TradeRegistered}},
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
