package server

import (
	"context"
	_ "embed" // the settings
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"fxcore/observability"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

//go:embed settings/prometheus.yml
var prometheusSettings string

// Where Debian's package has Prometheus, and its tool that checks rules.
const (
	PrometheusProgram = "/usr/bin/prometheus"
	PrometheusTool    = "/usr/bin/promtool"
)

// PrometheusURL returns the address of Prometheus, which serves the machine alone.
func PrometheusURL(b ports.Block) string { return fmt.Sprintf("http://%s:%d", host, b.Prometheus()) }

// Prometheus returns the server that reads the measures at the targets, each host:port of a monitoring service's health address, and judges
// them by the rules that follow from monitoring's own. Errors: ErrNotFull.
func Prometheus(s Setting, targets []string) (Server, error) {
	if _, err := os.Stat(PrometheusProgram); err != nil {
		return Server{}, fmt.Errorf("Prometheus (%s): %w", PrometheusProgram, ErrNotFull)
	}
	account, err := process.ServerAccount("prometheus", string(s.Folder))
	if err != nil {
		return Server{}, err
	}
	data := s.Folder.Data("prometheus")
	prepare := func(context.Context) error {
		if err := account.Own(data); err != nil {
			return err
		}
		for name, content := range map[string]string{"prometheus.yml": prometheusSettings, "rules.yml": observability.PrometheusRules} {
			if err := os.WriteFile(filepath.Join(data, name), []byte(content), 0o600); err != nil {
				return fmt.Errorf("write settings of Prometheus: %w", err)
			}
		}
		if err := PrometheusTargets(s.Folder, targets); err != nil {
			return err
		}
		return account.Own(data)
	}
	return Server{Prepare: prepare, Provision: nothing, Spec: process.Spec{
		Name: "prometheus", Path: PrometheusProgram, Dir: "/", Env: environment(data), Log: s.Folder.Log("prometheus"),
		Args: []string{
			"--config.file=" + filepath.Join(data, "prometheus.yml"), "--storage.tsdb.path=" + filepath.Join(data, "tsdb"),
			"--storage.tsdb.retention.time=2d", "--storage.tsdb.retention.size=256MB", "--log.level=warn",
			"--web.listen-address=" + strings.TrimPrefix(PrometheusURL(s.Ports), "http://"),
		},
		Account: account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace,
		Ready: func(ctx context.Context) error {
			return askHTTP(ctx, http.DefaultClient, "Prometheus", PrometheusURL(s.Ports)+"/-/ready")
		},
	}}, nil
}

// PrometheusTargets writes from where Prometheus reads. One that runs reads the file again by itself.
func PrometheusTargets(f folder.Folder, targets []string) error {
	list := []map[string]any{{"targets": targets, "labels": map[string]string{}}}
	if err := f.WriteJSON(filepath.Join("data", "prometheus", "targets.json"), list, 0o644); err != nil { // its user is another one, and it holds no secret
		return fmt.Errorf("write targets of Prometheus: %w", err)
	}
	return nil
}
