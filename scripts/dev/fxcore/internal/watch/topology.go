package watch

import (
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"time"

	"fxcore/lambda/amqp"
)

// unnamedProvider is the queue that a gateway describes when it has no providers configured.
const unnamedProvider = "fix.provider"

// topologies runs each program with -describe and returns what they declare at the broker.
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

// queueNames returns the queues that the programs declare, including those that all programs share. It leaves out streams: they
// keep what was read, so their depth says nothing.
func queueNames(all []amqp.Topology) []string {
	var names []string
	for _, topology := range all {
		for _, q := range topology.Queues {
			if q.Name != unnamedProvider && !q.IsStream() {
				names = append(names, q.Name)
			}
		}
	}
	return append(names, amqp.ErrorQueue, amqp.UnroutableQueue)
}
