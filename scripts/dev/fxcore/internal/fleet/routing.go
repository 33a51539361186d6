package fleet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// clientCAFile holds the certificates of the authorities that sign the providers' certificates. It is optional, and
// put there by hand.
const clientCAFile = "secrets/fix-client-ca.crt"

// clientCRLFile holds the lists of the providers' certificates that these authorities have revoked. It is optional, and put there by hand.
// HAProxy reads it again when it changes. The gateways, which end running sessions by it, have the copy of their start.
const clientCRLFile = "secrets/fix-client.crl"

// router returns HAProxy in front of the gateways.
func (f Fleet) router() (server.Server, error) {
	setting := server.Setting{Folder: f.Folder, Ports: f.Ports}
	h, err := server.HAProxy(setting, f.routes)
	if err != nil {
		return h, fmt.Errorf("set up HAProxy: %w", err)
	}
	return h, nil
}

// routerPhase starts HAProxy before the gateways, so that it stops after them: a gateway's last messages still reach
// the providers.
func (f Fleet) routerPhase() (supervisor.Phase, error) {
	h, err := f.router()
	if err != nil {
		return supervisor.Phase{}, err
	}
	p := phase("HAProxy", h)
	prepare := p.Prepare
	p.Prepare = func(ctx context.Context) error {
		return errors.Join(f.writeProviders(ctx), f.writeSocketProviders(ctx), f.writeCertificate(false), prepare(ctx))
	}
	return p, nil
}

// routes returns HAProxy's routes. It reads the providers from the gateways' files, and the number of instances from
// the scale.
func (f Fleet) routes() (server.Routes, error) {
	providers, err := f.fixProviders()
	if err != nil {
		return server.Routes{}, err
	}
	instances, err := f.instances("fix", f.Ports.FIXInstance)
	if err != nil {
		return server.Routes{}, err
	}
	certificate, err := os.ReadFile(f.Folder.Path(certificateFile))
	if err != nil {
		return server.Routes{}, fmt.Errorf("read certificate: %w", err)
	}
	key, err := os.ReadFile(f.Folder.Path(keyFile))
	if err != nil {
		return server.Routes{}, fmt.Errorf("read key: %w", err)
	}
	ca, err := os.ReadFile(f.Folder.Path(clientCAFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return server.Routes{}, fmt.Errorf("read the authorities of providers' certificates: %w", err)
	}
	revoked, err := os.ReadFile(f.Folder.Path(clientCRLFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return server.Routes{}, fmt.Errorf("read the revoked certificates: %w", err)
	}
	fix := server.FIXGateway()
	fix.Plain, fix.TLS, fix.Certificate = f.Ports.FIX(), f.Ports.FIXTLS(), slices.Concat(certificate, key)
	fix.Instances, fix.Providers = instances, providers
	socket := server.SocketGateway()
	socket.Plain, socket.TLS, socket.Certificate = f.Ports.Socket(), f.Ports.SocketTLS(), fix.Certificate
	if socket.Instances, err = f.instances("socket", f.Ports.SocketInstance); err != nil {
		return server.Routes{}, err
	}
	if socket.Providers, err = f.socketProviders(); err != nil {
		return server.Routes{}, err
	}
	api, err := f.instances("api", f.Ports.APIInstance)
	if err != nil {
		return server.Routes{}, err
	}
	watchers, err := f.watchers()
	if err != nil {
		return server.Routes{}, err
	}
	own, gateways, err := f.trust()
	if err != nil {
		return server.Routes{}, err
	}
	return server.Routes{
		Gateways: []server.Gateway{fix, socket}, ClientCA: ca, Revoked: revoked, Own: own, GatewaysCA: gateways, API: server.NewAPI(f.Ports.API(), api),
		Operations: server.NewOperations(f.Ports.Operations(), slices.Concat(certificate, key), gateways, watchers),
	}, nil
}

// trust returns HAProxy's certificate and key, and the authority of the gateways' certificates.
func (f Fleet) trust() (own, gateways []byte, err error) {
	certificate, err := os.ReadFile(f.Folder.Path(routerFile))
	if err != nil {
		return nil, nil, fmt.Errorf("read HAProxy's certificate: %w", err)
	}
	key, err := os.ReadFile(f.Folder.Path(routerKeyFile))
	if err != nil {
		return nil, nil, fmt.Errorf("read HAProxy's key: %w", err)
	}
	gateways, err = os.ReadFile(server.CAFile(f.Folder))
	if err != nil {
		return nil, nil, fmt.Errorf("read the authority of the gateways' certificate: %w", err)
	}
	return slices.Concat(certificate, key), gateways, nil
}

func (f Fleet) fixProviders() ([]server.Provider, error) {
	var file struct {
		Providers []account `json:"providers"`
	}
	if err := f.Folder.ReadJSON(providersFile, &file); err != nil {
		return nil, err
	}
	var all []server.Provider
	for _, a := range file.Providers {
		p, err := server.FIXProvider(a.ID, a.BeginString, a.SenderCompID, a.TargetCompID)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", providersFile, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// instances returns as many instances of a gateway as the scale wants, whether or not they run.
func (f Fleet) instances(name string, port func(n int) int) ([]server.Instance, error) {
	gateway, err := f.Service(name)
	if err != nil {
		return nil, err
	}
	scale, err := ReadScale(f.Folder)
	if err != nil {
		return nil, err
	}
	var all []server.Instance
	for n := 1; n <= scale.Replicas(gateway); n++ {
		i, err := f.Links.instance(server.Instance{
			Name: name + "-" + strconv.Itoa(n), Address: f.address(port(n)), Health: f.health(gateway, n),
		})
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}

// awaitRoutes waits until HAProxy knows the instance of every provider. That is a moment after the gateways are
// ready.
func (f Fleet) awaitRoutes(ctx context.Context, gateways []Service) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var errs []error
	for _, g := range gateways {
		errs = append(errs, server.AwaitRoutes(ctx, server.Setting{Folder: f.Folder, Ports: f.Ports}, g.Name))
	}
	return errors.Join(errs...)
}
