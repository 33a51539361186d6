package main

import (
	"net"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/instance"
	"fxcore/gateways/socket/internal/front"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
)

// local are settings for a gateway in this process.
func local(on instance.Servers) settings {
	return settings{
		Servers: on, Rules: gatewaytest.Rules(providersFile()),
		Front: front.Config{Config: gatewaytest.Door(), Listen: "127.0.0.1:0", LoginTimeout: time.Minute},
	}
}

// The whole gateway runs in this process. It serves a provider, and SIGTERM leaves nothing of it behind.
func TestTheGatewayStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	opened := make(chan net.Addr, 1)
	app := gateway(local(gatewaytest.Servers(t)), func(plain, _ net.Addr) { opened <- plain })
	stop := program.Start(t, time.Minute, app)
	address := (<-opened).String()
	c := login(t, address, "echo", "", 1)
	c.expectReceived(0)
	stop()
	c.expectEnd()
}

func TestSettingsNameWhatIsWrong(t *testing.T) {
	testkit.RefusesEach(t, local(instance.Servers{Lease: gatewaytest.Lease()}), map[string]func(*settings){
		"provider file":            func(s *settings) { s.Providers = "{}" },
		"SOCKET_QUEUE_LIMIT":       func(s *settings) { s.QueueLimit = 0 },
		"SOCKET_BATCHES_UNDER_WAY": func(s *settings) { s.UnderWay = 0 },
		"LEASE_RENEW":              func(s *settings) { s.Lease.Renew = s.Lease.Length },
		"SOCKET_ADDR":              func(s *settings) { s.Front.Listen = "none" },
		"SOCKET_MAX_WAITING":       func(s *settings) { s.Front.MaxWaiting = 0 },
		"SOCKET_LOGIN_TIMEOUT":     func(s *settings) { s.Front.LoginTimeout = 0 },
		"SOCKET_TLS_CERTIFICATE":   func(s *settings) { s.Front.ListenTLS = "127.0.0.1:0" },
	})
}
