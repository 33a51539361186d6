package watch

import (
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"time"

	"fxcore/lambda/amqp"
)

// unnamedProvider is the queue that the gateway declares in the documents, where no provider is configured.
const unnamedProvider = "fix.provider"

// topologies asks each program for what it declares at the broker (-describe).
func topologies(ctx context.Context, bin string, programs []string) []amqp.Topology {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var all []amqp.Topology
	for _, program := range programs {
		out, err := exec.CommandContext(ctx, filepath.Join(bin, program), "-describe").Output() //nolint:gosec // our own programs
		var topology amqp.Topology
		if err != nil || json.Unmarshal(out, &topology) != nil {
			continue // a program that is not built has no queues to show
		}
		all = append(all, topology)
	}
	return all
}

// queueNames are the queues that the programs declare, and those that all share.
func queueNames(all []amqp.Topology) []string {
	var names []string
	for _, topology := range all {
		for _, q := range topology.Queues {
			if q.Name != unnamedProvider {
				names = append(names, q.Name)
			}
		}
	}
	return append(names, amqp.ErrorQueue, amqp.UnroutableQueue)
}
