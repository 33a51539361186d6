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

// queueNames asks each program for the queues that it declares (-describe), and adds those that all share.
func queueNames(ctx context.Context, bin string, programs []string) []string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var names []string
	for _, program := range programs {
		out, err := exec.CommandContext(ctx, filepath.Join(bin, program), "-describe").Output() //nolint:gosec // our own programs
		var topology amqp.Topology
		if err != nil || json.Unmarshal(out, &topology) != nil {
			continue // a program that is not built has no queues to show
		}
		for _, q := range topology.Queues {
			if q.Name != unnamedProvider {
				names = append(names, q.Name)
			}
		}
	}
	return append(names, amqp.ErrorQueue, amqp.UnroutableQueue)
}
