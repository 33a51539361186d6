package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// begin prepares a server of a full start and runs it; the test is left out where it is not installed.
func begin(t *testing.T, one server.Server, err error) {
	t.Helper()
	notFull(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 2 { // it may be repeated
		if err := one.Prepare(ctx); err != nil {
			t.Fatal(err)
		}
	}
	supervise(t, one.Spec)
}

// Its readiness is asked as monitoring speaks to it: with the password of this clone, the certificate checked, the core's host known.
func TestIcingaRunsWithTheObjectsOfTheCore(t *testing.T) {
	s := newSetting(t)
	icinga, err := server.Icinga(s)
	begin(t, icinga, err)
	if response, err := (&http.Client{Timeout: 10 * time.Second}).Get(server.IcingaURL(s.Ports)); err == nil { //nolint:noctx // within a bound
		_ = response.Body.Close()
		t.Error("the authority of another clone is trusted")
	}
	key, err := os.Stat(filepath.Join(filepath.Dir(server.IcingaCA(s.Folder)), "fxcore-icinga.key"))
	if err != nil || key.Mode().Perm() != 0o600 {
		t.Errorf("the key of Icinga: %v, %v", key, err)
	}
}

func TestPrometheusReadsEachReplicaAndAddsNothingTwice(t *testing.T) {
	s := newSetting(t)
	metrics := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
		_, _ = io.WriteString(w, "# TYPE fx_bookings_waiting gauge\nfx_bookings_waiting{instance=\"mainframe-1\"} 150\n# EOF\n")
	}))
	defer metrics.Close()
	target := strings.TrimPrefix(metrics.URL, "http://")
	prometheus, err := server.Prometheus(s, []string{target})
	begin(t, prometheus, err)
	// The second replica comes while it runs. It tells the same.
	if err := server.PrometheusTargets(s.Folder, []string{target, strings.Replace(target, "127.0.0.1", "localhost", 1)}); err != nil {
		t.Fatal(err)
	}
	const expression = `count(fx_bookings_waiting{instance="mainframe-1"}) * 1000 + sum(max without (monitor) (fx_bookings_waiting))`
	testkit.Eventually(t, "both replicas are read", time.Minute, func() error { return query(t, s, expression, "2150") })
	var rules struct {
		Data struct{ Groups []struct{ Rules []any } }
	}
	get(t, server.PrometheusURL(s.Ports)+"/api/v1/rules", &rules)
	if len(rules.Data.Groups) != 1 || len(rules.Data.Groups[0].Rules) < 20 {
		t.Errorf("%d groups of rules", len(rules.Data.Groups))
	}
}

// query asks Prometheus for one number.
func query(t *testing.T, s server.Setting, expression, want string) error {
	t.Helper()
	var answer struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	get(t, server.PrometheusURL(s.Ports)+"/api/v1/query?query="+url.QueryEscape(expression), &answer)
	if len(answer.Data.Result) != 1 {
		return errors.New("no value")
	}
	if got := answer.Data.Result[0].Value[1]; got != want {
		return fmt.Errorf("it is %v, not %s", got, want)
	}
	return nil
}

func get(t *testing.T, address string, answer any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		t.Fatal(err)
	}
}
