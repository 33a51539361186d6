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

// Topology asks a program for what it declares at the broker (-describe).
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

// Queues asks each program for what it declares and lists all queues, those for events that are
// tried again included. providers are those whose gateway's queues are wanted; the programs do not know them.
func (s *Stack) Queues(ctx context.Context, programs, providers []string) ([]string, error) {
	var names []string
	for _, program := range programs {
		t, err := s.Topology(ctx, program)
		if err != nil {
			return nil, err
		}
		for _, q := range t.Declaration().Queues {
			if q.Name != amqp.ErrorQueue && q.Name != amqp.UnroutableQueue {
				names = append(names, q.Name)
			}
		}
	}
	for _, p := range providers {
		queue := "fix." + strings.ToLower(p)
		names = append(names, queue, queue+".retry")
	}
	return names, nil
}
