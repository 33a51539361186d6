package broker

import (
	"fmt"
	"slices"
	"strings"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/lambda/amqp"
)

// unnamed stands for the provider's name in the topology of a program that has a queue per provider and no
// configuration: queue "fix.provider", bound to "trade.registered.provider".
const unnamed = "provider"

// Providers are the origins of the providers that come by each gateway: their ids in lower case. The key is the gateway's name.
type Providers map[string][]string

// ForEach replaces each queue of the unnamed provider by one queue for each provider of that gateway.
func ForEach(providers Providers, topologies []amqp.Topology) []amqp.Topology {
	all := slices.Clone(topologies)
	for i, t := range all {
		all[i].Queues = nil
		for _, q := range t.Queues {
			if !strings.HasSuffix(q.Name, "."+unnamed) {
				all[i].Queues = append(all[i].Queues, q)
				continue
			}
			for _, p := range providers[t.Service] {
				all[i].Queues = append(all[i].Queues, of(p, q))
			}
		}
	}
	return all
}

func of(provider string, q amqp.Queue) amqp.Queue {
	named := func(s string) string { return strings.TrimSuffix(s, unnamed) + provider }
	q.Name = named(q.Name)
	q.Bindings = slices.Clone(q.Bindings)
	for i, b := range q.Bindings {
		q.Bindings[i].Key = named(b.Key)
	}
	return q
}

// DemoProviders returns the demo's providers.
func DemoProviders() (Providers, error) {
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("list providers: %w", err)
	}
	all := Providers{}
	for _, p := range bank.Providers {
		all[p.Gateway()] = append(all[p.Gateway()], strings.ToLower(p.ID))
	}
	return all, nil
}
