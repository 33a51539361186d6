package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"fxcore/lambda/amqp"
)

// Topology runs a program with -describe and returns what it declares at the broker.
func (s *Stack) Topology(ctx context.Context, program string) (t amqp.Topology, err error) {
	out, err := exec.CommandContext(ctx, filepath.Join(s.Bin, program), "-describe").Output() //nolint:gosec // our own programs
	if err == nil {
		err = json.Unmarshal(out, &t)
	}
	if err != nil {
		return t, fmt.Errorf("ask %s for its queues: %w", program, err)
	}
	return t, nil
}

// Queues returns the queues that the programs declare, retry queues included, and the gateways' queues of the given
// providers, which the programs do not know. A provider has queues at one of the gateways only; both names are returned.
// Queues leaves out the error queue, the queue of unroutable events, the one of log lines, and streams, which reading does not empty.
func (s *Stack) Queues(ctx context.Context, programs, providers []string) ([]string, error) {
	var names []string
	for _, program := range programs {
		t, err := s.Topology(ctx, program)
		if err != nil {
			return nil, err
		}
		for _, q := range t.Declaration().Queues {
			if q.Name != amqp.ErrorQueue && q.Name != amqp.UnroutableQueue && q.Name != amqp.LogQueue && !q.Stream {
				names = append(names, q.Name)
			}
		}
	}
	for _, p := range providers {
		for _, gateway := range []string{"fix.", "socket."} {
			queue := gateway + strings.ToLower(p)
			names = append(names, queue, queue+".retry")
		}
	}
	return names, nil
}
