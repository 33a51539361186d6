package main

import (
	"net"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/instance"
	"fxcore/gateways/internal/store"
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
			Listen: "127.0.0.1:0", MaxMessage: 64 << 10, LogonTimeout: 5 * time.Second, MessageTimeout: 5 * time.Second, StorePatience: 5 * time.Second,
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
	c := newClient(t, "ECHO").reset(address)
	c.send("1", "112=here|")
	c.expect("0 34=2 112=here")
	stop()
	c.expect("5 34=3 58=the gateway is stopping: log on again in a moment")
	c.expectEnd()
}

func TestSettingsNameWhatIsWrong(t *testing.T) {
	for says, change := range map[string]func(*settings){
		"provider file":         func(s *settings) { s.Providers = "{}" },
		"FIX_QUEUE_LIMIT":       func(s *settings) { s.QueueLimit = 0 },
		"FIX_BATCHES_UNDER_WAY": func(s *settings) { s.UnderWay = 0 },
		"LEASE_RENEW":           func(s *settings) { s.Lease.Renew = time.Second },
		"FIX_PASSWORD_CHECKS":   func(s *settings) { s.Front.Checks = 0 },
		"FIX_WRITE_TIMEOUT":     func(s *settings) { s.Front.WriteTimeout = 0 },
		"FIX_ADDR":              func(s *settings) { s.Front.Listen = "none" },
		"FIX_MAX_MESSAGE":       func(s *settings) { s.Front.MaxMessage = 1 },
		"FIX_TLS_CERTIFICATE":   func(s *settings) { s.Front.ListenTLS = "127.0.0.1:0" },
	} {
		s := settings{
			Front: front.Config{
				Config: door.Config{ListenTLS: "none", WriteTimeout: 1, MaxWaiting: 1, MaxWaitingEach: 1, Checks: 1},
				Listen: "127.0.0.1:0", MaxMessage: 64 << 10, LogonTimeout: 1, MessageTimeout: 1, StorePatience: 1,
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
