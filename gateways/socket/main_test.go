package main

import (
	"net"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/instance"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/internal/front"
	"fxcore/lambda/amqp"
	"fxcore/lambda/lease"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
)

func localSettings(t *testing.T) settings {
	return settings{
		Servers: instance.Servers{
			Base:     program.Base("test"),
			AMQP:     amqp.Config{URL: testkit.AMQP(t)},
			Postgres: postgres.Config{URL: testkit.PostgresURL(t), ConnectTimeout: 5 * time.Second},
		},
		Front: front.Config{
			Config: door.Config{ListenTLS: "none", WriteTimeout: 5 * time.Second, MaxWaiting: 10, MaxWaitingEach: 10, Checks: 2},
			Listen: "127.0.0.1:0", LoginTimeout: 5 * time.Second,
		},
		Rules: instance.Rules{
			Retention: store.Retention{Messages: time.Hour, Answers: time.Hour, Inbox: time.Hour},
			Providers: providersFile(), Deadline: time.Minute, QueueLimit: 100, UnderWay: 2,
		},
	}
}

// The whole gateway in this process: it serves, and at SIGTERM nothing of it is left behind.
func TestTheGatewayStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	cfg := localSettings(t)
	opened := make(chan net.Addr, 1)
	app := gateway(cfg, func(plain, _ net.Addr) { opened <- plain })
	stop := program.Start(t, 20*time.Second, app)
	address := (<-opened).String()
	c := login(t, address, "echo", "", 1)
	c.expectReceived(0)
	stop()
	c.expectEnd()
}

func TestSettingsNameWhatIsWrong(t *testing.T) {
	for says, change := range map[string]func(*settings){
		"provider file":            func(s *settings) { s.Providers = "{}" },
		"SOCKET_QUEUE_LIMIT":       func(s *settings) { s.QueueLimit = 0 },
		"SOCKET_BATCHES_UNDER_WAY": func(s *settings) { s.UnderWay = 0 },
		"LEASE_RENEW":              func(s *settings) { s.Lease.Renew = time.Second },
		"SOCKET_ADDR":              func(s *settings) { s.Front.Listen = "none" },
		"SOCKET_MAX_WAITING":       func(s *settings) { s.Front.MaxWaiting = 0 },
		"SOCKET_LOGIN_TIMEOUT":     func(s *settings) { s.Front.LoginTimeout = 0 },
		"SOCKET_TLS_CERTIFICATE":   func(s *settings) { s.Front.ListenTLS = "127.0.0.1:0" },
	} {
		s := settings{
			Front: front.Config{
				Config: door.Config{ListenTLS: "none", WriteTimeout: 1, MaxWaiting: 1, MaxWaitingEach: 1, Checks: 1},
				Listen: "127.0.0.1:0", LoginTimeout: 1,
			},
			Servers: instance.Servers{Lease: lease.Config{Length: time.Second, Renew: 200 * time.Millisecond, Poll: 100 * time.Millisecond}},
			Rules:   instance.Rules{Providers: providersFile(), Deadline: 1, QueueLimit: 1, UnderWay: 1},
		}
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		change(&s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %s", err, says)
		}
	}
}
