package main

import (
	"net"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/instance"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
)

// local are settings for a gateway in this process.
func local(on instance.Servers) settings {
	return settings{
		Servers: on, Rules: gatewaytest.Rules(providersFile()),
		Front: front.Config{
			Config: gatewaytest.Door(), Listen: "127.0.0.1:0", MaxMessage: 64 << 10,
			LogonTimeout: time.Minute, MessageTimeout: time.Minute, StorePatience: time.Minute,
		},
	}
}

// The whole gateway runs in this process. It serves a provider, and SIGTERM leaves nothing of it behind.
func TestTheGatewayStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	opened := make(chan net.Addr, 1)
	app := gateway(local(gatewaytest.Servers(t)), func(plain, _ net.Addr) { opened <- plain })
	stop := program.Start(t, time.Minute, app)
	address := (<-opened).String()
	c := newClient(t, "ECHO").reset(address)
	c.send("1", "112=here|")
	c.expect("0 34=2 112=here")
	stop()
	c.expect("5 34=3 58=the gateway is stopping: log on again in a moment")
	c.expectEnd()
}

func TestSettingsNameWhatIsWrong(t *testing.T) {
	testkit.RefusesEach(t, local(instance.Servers{Lease: gatewaytest.Lease()}), map[string]func(*settings){
		"provider file":         func(s *settings) { s.Providers = "{}" },
		"FIX_QUEUE_LIMIT":       func(s *settings) { s.QueueLimit = 0 },
		"FIX_BATCHES_UNDER_WAY": func(s *settings) { s.UnderWay = 0 },
		"LEASE_RENEW":           func(s *settings) { s.Lease.Renew = s.Lease.Length },
		"FIX_PASSWORD_CHECKS":   func(s *settings) { s.Front.Checks = 0 },
		"FIX_WRITE_TIMEOUT":     func(s *settings) { s.Front.WriteTimeout = 0 },
		"FIX_ADDR":              func(s *settings) { s.Front.Listen = "none" },
		"FIX_MAX_MESSAGE":       func(s *settings) { s.Front.MaxMessage = 1 },
		"FIX_TLS_CERTIFICATE":   func(s *settings) { s.Front.ListenTLS = "127.0.0.1:0" },
	})
}
