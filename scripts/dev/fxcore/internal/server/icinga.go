package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed" // the settings
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fxcore/observability"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

//go:embed settings/icinga.conf
var icingaSettings string

// IcingaProgram is where Debian's package has Icinga's daemon.
const IcingaProgram = "/usr/sbin/icinga2"

// The names of the node in its certificate, and of the user who may send results and read objects.
const (
	icingaNode = "fxcore-icinga"
	IcingaUser = "fxcore"
)

// IcingaURL returns the address of Icinga's interface.
func IcingaURL(b ports.Block) string { return fmt.Sprintf("https://%s:%d", host, b.Icinga()) }

// IcingaCA returns the file with the authority that has signed Icinga's certificate. It is there once Icinga has been prepared.
func IcingaCA(f folder.Folder) string { return filepath.Join(f.Data("icinga"), "certs", "ca.crt") }

// icinga is the server that shows alerts to the bank's own monitoring.
type icinga struct {
	setting  Setting
	account  process.Account
	password string
}

// Icinga returns the server with the core's objects. Errors: ErrNotFull.
func Icinga(s Setting) (Server, error) {
	if _, err := os.Stat(IcingaProgram); err != nil {
		return Server{}, fmt.Errorf("Icinga (%s): %w", IcingaProgram, ErrNotFull)
	}
	account, err := process.ServerAccount("nagios", string(s.Folder)) // as which Debian's package runs it
	if err != nil {
		return Server{}, err
	}
	password, err := s.Folder.Secret("icinga")
	if err != nil {
		return Server{}, err
	}
	i := icinga{s, account, password}
	args := []string{"daemon", "-x", "warning", "-c", filepath.Join(i.data(), "icinga.conf")}
	for _, name := range []string{"DataDir", "CacheDir", "InitRunDir", "LogDir", "SpoolDir"} {
		args = append(args, "-D"+name+"="+i.data())
	}
	name, group, err := account.Names()
	if err != nil {
		return Server{}, err
	}
	return Server{Prepare: i.prepare, Provision: nothing, Spec: process.Spec{
		Name: "icinga", Path: IcingaProgram, Args: args, Dir: "/", Env: append(environment(i.data()), "ICINGA2_USER="+name, "ICINGA2_GROUP="+group),
		Log: s.Folder.Log("icinga"), Account: account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace, Ready: i.ready,
	}}, nil
}

func (i icinga) data() string { return i.setting.Folder.Data("icinga") }

// prepare makes the certificates, and writes the settings at every start.
func (i icinga) prepare(context.Context) error {
	if err := i.account.Own(i.data()); err != nil {
		return err
	}
	if err := certify(filepath.Dir(IcingaCA(i.setting.Folder)), icingaNode); err != nil {
		return err
	}
	fill := strings.NewReplacer("{node}", icingaNode, "{host}", host, "{port}", fmt.Sprint(i.setting.Ports.Icinga()),
		"{user}", IcingaUser, "{password}", i.password, "{folder}", i.data())
	for name, content := range map[string]string{"icinga.conf": fill.Replace(icingaSettings), "fxcore.conf": observability.IcingaObjects} {
		if err := os.WriteFile(filepath.Join(i.data(), name), []byte(content), 0o600); err != nil {
			return fmt.Errorf("write settings of Icinga: %w", err)
		}
	}
	return i.account.Own(i.data())
}

// ready asks for the core's host, as monitoring does: with the password, and checking the certificate.
func (i icinga) ready(ctx context.Context) error {
	text, err := os.ReadFile(IcingaCA(i.setting.Folder))
	if err != nil {
		return fmt.Errorf("ask Icinga: %w", err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12},
	}}
	password, err := i.setting.Folder.Secret("icinga")
	if err != nil {
		return err
	}
	address := url.URL{
		Scheme: "https", User: url.UserPassword(IcingaUser, password),
		Host: fmt.Sprintf("%s:%d", host, i.setting.Ports.Icinga()), Path: "/v1/objects/hosts/fxcore",
	}
	return askHTTP(ctx, client, "Icinga", address.String())
}
