package web_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/web"
	"fxcore/services/web/webtest"
)

// A caller whose header is too large is told so: an answer, not a connection that breaks.
func TestAHeaderThatIsTooLargeIsAnswered(t *testing.T) {
	t.Parallel()
	certificate, key := webtest.SelfSigned(t)
	front := web.Front(http.NewServeMux(), testkit.Log(t))
	s := &web.Server{Config: web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key}, Handler: front, Log: testkit.Log(t)}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.WithoutCancel(t.Context())) })
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(certificate))
	for name, second := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: second}}
		t.Cleanup(client.CloseIdleConnections)
		for size, want := range map[int]int{100 << 10: http.StatusRequestHeaderFieldsTooLarge, 15 << 10: http.StatusNotFound} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+s.Addr()+"/nowhere", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Large", strings.Repeat("x", size))
			answer, err := client.Do(r)
			if err != nil {
				t.Errorf("%s, %d bytes: %v", name, size, err)
				continue
			}
			text, err := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			var p web.Problem
			if err != nil || json.Unmarshal(text, &p) != nil || answer.StatusCode != want || p.Status != want || answer.Proto != name {
				t.Errorf("%s, %d bytes: %s %d %s", name, size, answer.Proto, answer.StatusCode, text)
			}
		}
	}
}
