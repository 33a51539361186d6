package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/monitoring/internal/serve"
	"fxcore/services/signin"
	"fxcore/services/web"
	"fxcore/services/web/webtest"
)

// Two replicas run on real servers. Each hears the heartbeats of both, and exports them. After SIGTERM nothing of them is left behind.
func TestReplicasHearEachOtherAndStopWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	certificate, key := webtest.SelfSigned(t)
	served := serve.Config{Web: web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key}, SignIn: signin.Config{Audience: "api"}, Kept: time.Hour}
	with := func(replica string) settings {
		return settings{Base: program.Base(replica), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox, Disk: ".", Serve: served}
	}
	first := service(with("1"))
	second := service(with("2"))
	stop := program.Start(t, time.Minute, first, second)
	for _, app := range []http.Handler{first.Health.Handler(), second.Health.Handler()} {
		testkit.Eventually(t, "both heartbeats", time.Minute, func() error {
			metrics, health := page(t, app, "/metrics"), page(t, app, "/v1/health")
			for _, want := range []string{
				`fx_instance_not_ready{instance="monitoring-1",program="monitoring"} 0`, `fx_program_ready_instances{program="monitoring"} 2`, "fx_postgres_up 1",
				"# TYPE fx_process_cpu_seconds counter",
			} {
				if !strings.Contains(metrics, want) {
					return errors.New("no " + want + " in " + metrics)
				}
			}
			if !strings.Contains(health, `"monitoring-2"`) || !strings.Contains(health, `{"name":"rabbitmq","state":"up"}`) {
				return errors.New(health)
			}
			return nil
		})
	}
	stop()
}

func page(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
