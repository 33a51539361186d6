package instance

import (
	"fmt"
	"time"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/lease"
	"fxcore/lambda/postgres"
)

// Servers are the settings that every gateway has, and the servers that it needs.
type Servers struct {
	config.Base

	AMQP     amqp.Config
	Postgres postgres.Config
	Lease    lease.Config
}

// Rules are the settings whose variables begin with the gateway's name: FIX_DEADLINE, SOCKET_DEADLINE.
type Rules struct {
	Retention  store.Retention
	Providers  string        `env:"PROVIDERS,required"`               // who may connect: JSON, see the README
	File       string        `env:"PROVIDERS_FILE"`                   // where it was read from, if from a file, and will be again
	Deadline   time.Duration `env:"DEADLINE" envDefault:"60s"`        // of a request, from when the provider transacted it
	QueueLimit int           `env:"QUEUE_LIMIT" envDefault:"4096"`    // requests of one provider that wait for the broker
	UnderWay   int           `env:"BATCHES_UNDER_WAY" envDefault:"2"` // of a provider's requests, unconfirmed by the broker
}

// Check names what is out of range. prefix is what the variables begin with.
func (r Rules) Check(prefix string) error {
	if r.Deadline <= 0 || r.QueueLimit < 1 || r.UnderWay < 1 {
		return fmt.Errorf("%[1]sDEADLINE, %[1]sQUEUE_LIMIT and %[1]sBATCHES_UNDER_WAY must be positive", prefix)
	}
	return nil
}
