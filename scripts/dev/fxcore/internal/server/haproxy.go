package server

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/template"
	"time"

	"fxcore/lambda/health"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/internal/operator"
)

//go:embed haproxy.cfg.tmpl
var haproxyTemplate string

// checkTimeout is how long HAProxy waits for the answer to a check. A gateway delays an unchanged answer by
// health.Hold; the rest is for a slow gateway. HAProxy notices a frozen instance after this time, which is about when
// its leases expire.
const checkTimeout = health.Hold + 700*time.Millisecond

// Routes are the gateways behind HAProxy and their providers.
type Routes struct {
	Gateways []Gateway
	ClientCA []byte // certificates, in PEM, that sign the providers' certificates; empty: HAProxy asks for none
	Revoked  []byte // lists, in PEM, of the providers' certificates that were revoked; empty: none
	API      API

	Own        []byte // certificate and key, in PEM, by which HAProxy proves to the gateways who it is
	GatewaysCA []byte // certificates, in PEM, that sign those of the gateways

	Operations Operations
}

// API is the HTTP interface behind HAProxy. Any ready instance serves any caller.
type API struct {
	Port      int // HAProxy's port; 0: HAProxy does not route to it
	Instances []Instance

	Most       int // connections at once
	PerAddress int // connections of one address at once
	Rate       int // new connections of one address in ten seconds
}

// NewAPI returns the interface with the bounds of connections that keep a flood of one address from all others.
func NewAPI(port int, instances []Instance) API {
	return API{Port: port, Instances: instances, Most: 4000, PerAddress: 2000, Rate: 4000}
}

// haproxy holds what HAProxy's setup needs.
type haproxy struct {
	setting Setting
	account process.Account
	program string
	data    string
	routes  func() (Routes, error)
}

// HAProxy returns HAProxy as the router in front of the gateways. It runs as master and worker. After another
// Prepare, SIGUSR2 makes the master start a worker with the new settings. The old worker keeps its connections until
// they end.
func HAProxy(s Setting, routes func() (Routes, error)) (Server, error) {
	program, err := newest("HAProxy", "/usr/sbin/haproxy")
	if err != nil {
		return Server{}, err
	}
	account, err := process.ServerAccount("haproxy", string(s.Folder))
	if err != nil {
		return Server{}, err
	}
	h := haproxy{setting: s, account: account, program: program, data: s.Folder.Data("haproxy"), routes: routes}
	return Server{Spec: h.spec("-W", "-db", "-f", h.path("haproxy.cfg")), Prepare: h.prepare, Provision: nothing}, nil
}

func (h haproxy) path(name string) string { return filepath.Join(h.data, name) }

func (h haproxy) spec(args ...string) process.Spec {
	return process.Spec{
		Name: "haproxy", Path: h.program, Args: args, Dir: "/", Env: environment(h.data), Log: h.setting.Folder.Log("haproxy"),
		Account: h.account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace,
		Ready: func(ctx context.Context) error {
			_, err := haproxyStatus(ctx, h.setting)
			return err
		},
	}
}

// GatewayDomain is the domain of the names by which HAProxy calls the gateways. Their certificate is for *.GatewayDomain.
const GatewayDomain = "gateway.fxcore"

// toGateways is how HAProxy connects to a gateway. It never resumes a TLS session, because a session has the claim of one connection.
const toGateways = "ssl crt %s verify required ca-file %s no-ssl-reuse sni var(txn.claim),sha2(256),hex,concat(." + GatewayDomain + ")"

// prepare writes HAProxy's files. If HAProxy would reject the new settings, prepare returns an error and keeps the
// old settings.
func (h haproxy) prepare(ctx context.Context) error {
	routes, err := h.routes()
	if err != nil {
		return err
	}
	if err := h.account.Own(h.data); err != nil {
		return err
	}
	settings, err := h.settings(routes)
	if err == nil {
		err = h.certify()
	}
	if err == nil {
		err = h.writeFiles(routes)
	}
	if err == nil {
		err = h.try(ctx, settings)
	}
	if err != nil {
		return err
	}
	return h.write("haproxy.cfg", settings)
}

// statsName is the file with the certificate of HAProxy's page.
const statsName = "stats.pem"

// certify writes the certificate of HAProxy's page, that of the operator, who alone may read the page, and the authority's.
func (h haproxy) certify() error {
	if err := WriteOperator(h.setting.Folder, false); err != nil {
		return err
	}
	text, err := ProgramCertificate(h.setting.Folder, "haproxy", h.path(statsName), false)
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(h.setting.CAFile())
	if err != nil {
		return fmt.Errorf("read the authority: %w", err)
	}
	return errors.Join(h.write(statsName, text), h.write(caName, ca))
}

// ForgetHAProxys removes the certificate of HAProxy's page, so that the next Prepare makes a new one.
func ForgetHAProxys(f folder.Folder) error {
	if err := os.Remove(filepath.Join(f.Data("haproxy"), statsName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a certificate: %w", err)
	}
	return nil
}

// HAProxyPage returns the URL of HAProxy's page, for the record.
func HAProxyPage(s Setting) string {
	return operator.Page("haproxy", s.Ports.HAProxyStats(), s.CAFile(), OperatorFile(s.Folder))
}

// try lets HAProxy check settings without using them.
func (h haproxy) try(ctx context.Context, settings []byte) error {
	const name = "tried"
	if err := h.write(name, settings); err != nil {
		return err
	}
	defer func() { _ = os.Remove(h.path(name)) }()
	if err := process.Once(ctx, h.spec("-c", "-q", "-f", h.path(name))); err != nil {
		return fmt.Errorf("check settings of HAProxy: %w", err)
	}
	return nil
}

// writeFiles writes the files that the settings name: certificates, and the map from a session to its backend.
func (h haproxy) writeFiles(routes Routes) error {
	err := errors.Join(h.write("client-ca.pem", routes.ClientCA), h.write("revoked.pem", routes.Revoked), h.write("own.pem", routes.Own), h.write("gateways-ca.pem", routes.GatewaysCA))
	if err != nil {
		return err
	}
	if routes.Operations.Port > 0 {
		if err := errors.Join(h.write("operations.pem", routes.Operations.Certificate), h.write("operations-ca.pem", routes.Operations.CA)); err != nil {
			return err
		}
	}
	for _, g := range routes.Gateways {
		var sessions strings.Builder
		for _, p := range g.Providers {
			fmt.Fprintf(&sessions, "%s %s\n", p.Session, p.Backend(g))
		}
		if err := h.write(g.Name+".map", []byte(sessions.String())); err != nil {
			return err
		}
		if err := h.write(g.Name+".pem", g.Certificate); err != nil {
			return err
		}
	}
	return nil
}

// write replaces a file atomically and makes HAProxy's user its owner.
func (h haproxy) write(name string, content []byte) error {
	file := process.File{Path: h.path(name), Content: func() ([]byte, error) { return content, nil }}
	return process.WriteFiles([]process.File{file}, h.account)
}

func (h haproxy) settings(routes Routes) ([]byte, error) {
	facts := map[string]any{
		"Stats": h.setting.Ports.HAProxyStats(), "CheckTimeout": fmt.Sprintf("%dms", checkTimeout.Milliseconds()),
		"Hold": health.Hold, "Folder": h.data, "ClientCA": "", "Revoked": "", "Gateways": routes.Gateways, "API": routes.API,
		"Operations": routes.Operations, "ToGateways": fmt.Sprintf(toGateways, h.path("own.pem"), h.path("gateways-ca.pem")),
	}
	if len(routes.ClientCA) > 0 {
		facts["ClientCA"] = h.path("client-ca.pem")
	}
	if len(routes.Revoked) > 0 {
		facts["Revoked"] = h.path("revoked.pem")
	}
	parsed, err := template.New("haproxy.cfg").Parse(haproxyTemplate)
	var b bytes.Buffer
	if err == nil {
		err = parsed.Execute(&b, facts)
	}
	if err != nil {
		return nil, fmt.Errorf("fill in settings of HAProxy: %w", err)
	}
	return b.Bytes(), nil
}
