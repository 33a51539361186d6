package instance

import (
	"fmt"
	"time"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/lease"
	"fxcore/lambda/postgres"
	"fxcore/services/clock"
)

// Servers are the settings that every gateway has, with those of its servers.
type Servers struct {
	config.Base

	AMQP     amqp.Config
	Postgres postgres.Config
	Lease    lease.Config
	Clock    clock.Alone
}

// Rules are the settings whose variables begin with the gateway's name: FIX_DEADLINE, SOCKET_DEADLINE.
type Rules struct {
	Retention  store.Retention
	Providers  string        `env:"PROVIDERS,required"`               // who may connect: JSON, see the README
	File       string        `env:"PROVIDERS_FILE"`                   // file with the same content, read again when it changes; optional
	Deadline   time.Duration `env:"DEADLINE" envDefault:"60s"`        // how long a request is valid, from its transaction time
	QueueLimit int           `env:"QUEUE_LIMIT" envDefault:"4096"`    // requests of one provider that wait for the broker
	UnderWay   int           `env:"BATCHES_UNDER_WAY" envDefault:"2"` // batches of one provider that the broker has not confirmed
}

// Check returns an error that names the settings out of range. prefix is the first word of the variables' names.
func (r Rules) Check(prefix string) error {
	if r.Deadline <= 0 || r.QueueLimit < 1 || r.UnderWay < 1 {
		return fmt.Errorf("%[1]sDEADLINE, %[1]sQUEUE_LIMIT and %[1]sBATCHES_UNDER_WAY must be positive", prefix)
	}
	return nil
}
