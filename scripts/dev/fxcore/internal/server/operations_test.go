package server_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"fxcore/lambda/health"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// watcher is an instance of a service of on-call: it serves HTTPS and answers with its name.
func watcher(t *testing.T, name string, pair tls.Certificate) server.Instance {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	t.Cleanup(s.Close)
	healthy, err := health.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	h := health.New(health.Identity{Service: name}, time.Now())
	go func() { defer close(done); _ = h.Serve(ctx, healthy) }()
	t.Cleanup(func() { cancel(); <-done })
	return server.Instance{Name: name, Address: s.Listener.Addr().String(), Health: healthy.Addr().(*net.TCPAddr).Port}
}

// Requests of on-call go by their path. An instance whose certificate is not the core's gets none.
func TestRequestsOfOnCallGoByTheirPath(t *testing.T) {
	r := newRouter(t, provider(t, "ALPHA", "FIX.4.4", "ALPHA", "FXCORE"))
	signer := newAuthority(t)
	own, foreign := signer.pem(t, "127.0.0.1"), newAuthority(t).pem(t, "127.0.0.1")
	pair := func(text []byte) tls.Certificate {
		p, err := tls.X509KeyPair(text, text)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	certificate, key := parts(own)
	r.routes.Operations = server.NewOperations(r.ports.Operations(), slices.Concat(certificate, key), certificate, []server.Watcher{
		{Name: "monitoring", Instances: []server.Instance{watcher(t, "monitoring", pair(own))}},
		{Name: "tracing", Paths: []string{"/v1/traces"}, Instances: []server.Instance{watcher(t, "tracing", pair(own))}},
		{Name: "logging", Paths: []string{"/v1/logs"}, Instances: []server.Instance{watcher(t, "logging", pair(foreign))}},
	})
	r.routes.Operations.CA = signer.certificate()
	r.start()
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, //nolint:gosec // HAProxy's own is not what is tested
	}}
	t.Cleanup(client.CloseIdleConnections)
	for path, want := range map[string]string{
		"/": "200 monitoring", "/v1/traces": "200 tracing", "/v1/traces/1?a=b": "200 tracing", "/v1/tracesque": "200 monitoring", "/v1/logs": "503 application/problem+json",
	} {
		r.eventually(path, func() error {
			got, err := answerOf(t, client, "https://127.0.0.1:"+strconv.Itoa(r.ports.Operations())+path)
			if err == nil && got != want {
				err = fmt.Errorf("%s: %s, want %s", path, got, want)
			}
			return err
		})
	}
}

// answerOf returns the status, and the body of a good answer or the media type of another one.
func answerOf(t *testing.T, client *http.Client, url string) (string, error) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK {
		return fmt.Sprint(response.StatusCode, " ", response.Header.Get("Content-Type")), err
	}
	return fmt.Sprint(response.StatusCode, " ", string(body)), err
}

// parts splits a PEM text into certificates and key.
func parts(text []byte) (certificate, key []byte) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			certificate = append(certificate, pem.EncodeToMemory(block)...)
		} else {
			key = append(key, pem.EncodeToMemory(block)...)
		}
	}
	return certificate, key
}
