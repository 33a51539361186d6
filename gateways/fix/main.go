// Command fix is the gateway to providers that speak FIX 4.4 or FIX 5.0SP2. It turns their messages into events and the
// events that end a story into their answers, keeps their sessions, and decides nothing.
//
//	fix -hash       reads a password and prints its hash for the provider file
//	fix -describe   prints what it declares at the broker
package main

import (
	"errors"
	"net"
	"os"
	"slices"

	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/messages"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/session"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/instance"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
)

type settings struct {
	instance.Servers
	instance.Rules `envPrefix:"FIX_"`

	Front front.Config `envPrefix:"FIX_"`
}

// Validate names what is out of range.
func (s settings) Validate() error {
	_, err := provider.Parse([]byte(s.Providers))
	return errors.Join(err, s.Rules.Check(front.Prefix), s.Front.Validate(), s.Lease.Validate())
}

func main() {
	if slices.Contains(os.Args[1:], "-hash") {
		os.Exit(credential.Command(os.Stdin, os.Stdout, os.Stderr))
	}
	run.Describe(messages.Topology(messages.Unnamed))
	cfg := config.MustLoad[settings]()
	os.Exit(gateway(cfg).Run())
}

func gateway(cfg settings, opened ...func(plain, secure net.Addr)) *run.App {
	app := run.New(messages.Gateway, cfg.Base)
	one := instance.Open(app, cfg.Servers, cfg.Rules, instance.Protocol[provider.Provider]{
		Name: messages.Gateway, Schema: "fixgateway",
		Providers: provider.Parse, Topology: messages.Topology, Queue: messages.Queue,
	})
	files := &dictionaries{}
	app.Add("dictionaries", files.open, files.remove)
	shared := session.Shared{Shared: one.Shared, Dictionaries: files.paths}
	instance.Serve(one, newFront(app, cfg.Front), func(p provider.Provider) front.Session { return session.New(p, shared) }, opened...)
	return app
}
