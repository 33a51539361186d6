// Package stores collects the oracle's evidence from where the core keeps it: the services' tables, the mainframe's book,
// the broker's queues. It only reads, but for [Watch].
package stores

import (
	"context"
	"fmt"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// Places say where to look.
type Places struct {
	Postgres  string   // URL of a role that reads all schemas
	AMQP      string   // URL of a user who reads the error queues
	Mainframe string   // base URL of the simulator's control
	Queues    []string // names of all queues; those that do not exist are left out

	Clock   func() time.Time // the bank's; nil: real time
	Account Account          // nil: the journal is not looked at
}

const bound = time.Minute

// Collect adds to the evidence what the stores hold. The mainframe's book and the queues are read first: what they tell
// of must then be in the tables, which are read in one snapshot, and what services have handled must then be in the journal. Its movements are read last: what the tables hold for made must
// be among them.
func (p Places) Collect(ctx context.Context, e *oracle.Evidence) (err error) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	if e.Bookings, err = bookings(ctx, p.Mainframe); err != nil {
		return fmt.Errorf("read the mainframe's book: %w", err)
	}
	if err = p.broker(ctx, e); err != nil {
		return fmt.Errorf("look at the queues: %w", err)
	}
	of, err := p.tables(ctx, e)
	if err != nil {
		return fmt.Errorf("read tables: %w", err)
	}
	if err = p.journal(ctx, of, e); err != nil {
		return fmt.Errorf("account for the journal: %w", err)
	}
	if e.Moved, err = moved(ctx, p.Mainframe); err != nil {
		return fmt.Errorf("read the mainframe's movements: %w", err)
	}
	if e.At = time.Now(); p.Clock != nil {
		e.At = p.Clock()
	}
	return nil
}
