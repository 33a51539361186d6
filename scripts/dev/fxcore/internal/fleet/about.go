package fleet

import (
	"fmt"
	"slices"

	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/dev/fxcore/internal/watch"
	"fxcore/scripts/internal/operator"
	"fxcore/scripts/internal/programs"
	"fxcore/services/contract/access"
)

// About returns what the record tells other programs: all ports, and URLs with passwords. Under a server's name is the observer's URL, under
// admin_ and the name the administrator's, for who harms the core or fills it with history.
func (f Fleet) About() (supervisor.About, error) {
	admin, err := ServerURLs(f.Folder, f.Ports, "postgres")
	if err != nil {
		return supervisor.About{}, err
	}
	urls, err := ObserverURLs(f.Folder, f.Ports)
	if err != nil {
		return supervisor.About{}, err
	}
	about := supervisor.About{Ports: f.Ports.Named(), URLs: map[string]string{
		"postgres": urls.Postgres, "amqp": urls.AMQP, "redis": urls.Redis,
		"admin_postgres": admin.Postgres, "admin_amqp": admin.AMQP, "admin_redis": admin.Redis,
		"fix": f.address(f.Ports.FIX()), "socket": f.address(f.Ports.Socket()), "haproxy": server.HAProxyPage(server.Setting{Folder: f.Folder, Ports: f.Ports}), "mainframe": f.address(f.Ports.Mainframe()),
		"mainframe_control": operator.Page("mainframe-simulator", f.Ports.MainframeControl(), server.CAFile(f.Folder), server.OperatorFile(f.Folder)), "api": "https://" + f.address(f.Ports.API()), "operations": "https://" + f.address(f.Ports.Operations()),
	}}
	for _, store := range []string{"cassandra", "elasticsearch"} {
		if !f.Full {
			break
		}
		if about.URLs[store], err = FullURL(f.Folder, f.Ports, store); err != nil {
			return supervisor.About{}, err
		}
	}
	return about, nil
}

// Watch returns the addresses and programs that package watch needs.
func (f Fleet) Watch() (watch.Settings, error) {
	urls, err := ObserverURLs(f.Folder, f.Ports)
	if err != nil {
		return watch.Settings{}, err
	}
	var declarers, gateways []string
	for _, s := range slices.Concat(f.services()...) {
		if s.Uses(programs.AMQP) {
			declarers = append(declarers, s.Name)
		}
		if s.routed() {
			gateways = append(gateways, s.Name)
		}
	}
	return watch.Settings{
		Postgres: urls.Postgres, AMQP: urls.AMQP, Bin: f.Bin, Programs: declarers, Gateways: gateways, API: f.apiAbout(), Operations: f.operationsAbout(),
	}, nil
}

// apiAbout returns how to come in by the API; nil before the first start.
func (f Fleet) apiAbout() *watch.API {
	demo, err := f.demoUser()
	if err != nil {
		return nil
	}
	url := "https://" + f.address(f.Ports.API())
	return &watch.API{
		URL: url, OpenAPI: url + "/openapi.json", Certificate: server.CAFile(f.Folder), Users: f.Folder.Path(usersFile),
		DemoUser: watch.DemoUser{Grant: access.ClientCredentials, User: demo.ID, Secret: demo.Secret},
	}
}

// Connect returns lines that tell a person how to connect as the sandbox providers.
func (f Fleet) Connect() []string {
	line := func(version, provider, user string) string {
		return fmt.Sprintf("FIX %-7s 127.0.0.1 port %d   SenderCompID %s  TargetCompID FXCORE  user %s  password %s-demo  client C000900",
			version, f.Ports.FIX(), provider, user, user)
	}
	return []string{
		line("4.4", "SANDBOX44", "sandbox44"),
		line("5.0SP2", "SANDBOX50", "sandbox50"),
		fmt.Sprintf("socket      127.0.0.1 port %d   user sandbs  password sandbsdemo  client C000900   try: .run/bin/socketclient spot",
			f.Ports.Socket()),
		fmt.Sprintf("API         https://127.0.0.1:%d   for curl: . .run/env/demo   the README tells how to deal", f.Ports.API()),
		fmt.Sprintf("on-call     https://127.0.0.1:%d/   the page; %s prints what to sign in with", f.Ports.Operations(), f.codeCommand()),
		fmt.Sprintf("logs: make logs SERVICE=auth   all in %s   Ctrl-C or make stop ends it", f.Folder),
	}
}
