package run

import (
	"context"
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/signing"
)

// commandLasts is for how long a command of an emergency is good.
const commandLasts = time.Minute

// Emergency is how somebody at a shell gives a command while nobody can check tokens: by the key for emergencies. The audit has the command
// like each other, and an alarm tells of it.
type Emergency struct {
	Speaker

	Key string `env:"BREAKGLASS_KEY,required,unset"`
}

// LoadEmergency reads AMQP_URL and BREAKGLASS_KEY, or their files.
func LoadEmergency() (Emergency, error) { return config.Load[Emergency]() }

// Give publishes a command with a proof by the key for emergencies, and waits until the broker has it.
func (em Emergency) Give(ctx context.Context, topology amqp.Topology, e event.Event) error {
	cfg := em.Config()
	cfg.SigningKey = em.Key
	if _, err := signing.ParseKey(em.Key); err != nil {
		return fmt.Errorf("BREAKGLASS_KEY: %w", err)
	}
	e.Deadline = time.Now().Add(commandLasts).UTC().Truncate(time.Microsecond)
	return TellBroker(ctx, cfg, topology, e)
}

// EmergencyCaller names the person at the shell, as the audit and the history have it.
func EmergencyCaller() string { return EmergencyMark + Caller() }

// EmergencyMark begins the name of whoever commanded by the key for emergencies.
const EmergencyMark = "break glass: "
