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

// Queues returns all queues that the programs declare, retry queues included. The programs do not know the providers,
// so the caller names the providers whose gateway queues it wants. Streams are left out, because reading does not empty
// them.
func (s *Stack) Queues(ctx context.Context, programs, providers []string) ([]string, error) {
	var names []string
	for _, program := range programs {
		t, err := s.Topology(ctx, program)
		if err != nil {
			return nil, err
		}
		for _, q := range t.Declaration().Queues {
			if q.Name != amqp.ErrorQueue && q.Name != amqp.UnroutableQueue && !q.Stream {
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
