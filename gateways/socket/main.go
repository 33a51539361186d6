// Command socket is the gateway to providers that connect by SoupBinTCP 3.00. It turns their messages into events and the
// events that end a story into their answers, keeps their sessions, and decides nothing.
//
//	socket -hash       reads a password and prints its hash for the provider file
//	socket -describe   prints what it declares at the broker
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/instance"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/messages"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/gateways/socket/internal/session"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
)

type settings struct {
	instance.Servers
	instance.Rules `envPrefix:"SOCKET_"`

	Front front.Config `envPrefix:"SOCKET_"`
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
		Name: messages.Gateway, Schema: "socketgateway", KeepEnded: true,
		Providers: provider.Parse, Topology: messages.Topology, Queue: messages.Queue,
	})
	door, err := front.New(cfg.Front, app.Health.Counter("front.logins_refused").Add, app.Log)
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	door.NoteFor(app.Audit)
	shared := session.Shared{Shared: one.Shared, WriteTimeout: cfg.Front.WriteTimeout}
	instance.Serve(one, door, func(p provider.Provider) front.Session { return session.New(p, shared) }, opened...)
	return app
}
