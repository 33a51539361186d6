package run

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
)

const tellBound = 10 * time.Second

// Speaker are the settings of a person's commands. A command reads nothing at the broker, so it needs nobody's keys.
type Speaker struct {
	URL          string `env:"AMQP_URL,required,unset"`
	CAFile       string `env:"TLS_CA_FILE"`       // see amqp.Config
	Impersonates string `env:"AMQP_IMPERSONATES"` // the same
}

// Config returns the settings of a bus that only publishes.
func (s Speaker) Config() amqp.Config {
	return amqp.Config{URL: s.URL, CAFile: s.CAFile, Impersonates: s.Impersonates, NoDeclare: true}
}

// Tell publishes one event, a command of a person at a shell, and waits until the broker has it. The broker's address comes from
// AMQP_URL. topology must declare the event's type as published.
func Tell(ctx context.Context, topology amqp.Topology, e event.Event) error {
	speaker, err := config.Load[Speaker]()
	if err != nil {
		return err
	}
	return TellBroker(ctx, speaker.Config(), topology, e)
}

// TellBroker is Tell at the broker of cfg.
func TellBroker(ctx context.Context, cfg amqp.Config, topology amqp.Topology, e event.Event) error {
	bus := amqp.Open(cfg, topology, e.Source, slog.New(slog.DiscardHandler))
	running, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = bus.Run(running)
	}()
	defer func() { stop(); <-ended }()
	bounded, cancel := context.WithTimeout(ctx, tellBound)
	defer cancel()
	if err := bus.Publish(bounded, e); err != nil {
		return fmt.Errorf("the broker does not take the command: %w; %w", err, bus.Ready())
	}
	return nil
}

// Caller names the person at the shell: who called sudo, else the user, with the host.
func Caller() string {
	name := os.Getenv("SUDO_USER")
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
	}
	host, _ := os.Hostname()
	return name + "@" + host
}
