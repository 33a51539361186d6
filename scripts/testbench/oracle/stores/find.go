package stores

import (
	"context"
	"fmt"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/stack"
)

// Find returns the places of a running core. programs are those whose queues must be empty at the end.
func Find(ctx context.Context, s *stack.Stack, programs []string) (p Places, err error) {
	r, err := s.Record()
	if err != nil {
		return p, err
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return p, fmt.Errorf("list providers: %w", err)
	}
	providers := make([]string, len(bank.Providers))
	for i, provider := range bank.Providers {
		providers[i] = provider.ID
	}
	p = Places{Postgres: r.URLs["postgres"], AMQP: r.URLs["amqp"], Mainframe: r.URLs["mainframe_control"], Account: accounting(s)}
	p.Queues, err = s.Queues(ctx, programs, providers)
	return p, err
}
