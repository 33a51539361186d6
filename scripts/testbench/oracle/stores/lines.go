package stores

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"fxcore/scripts/internal/programs"
	"fxcore/scripts/internal/stack"
)

// Lines says what became of the log lines that the services and gateways of a core have written: see logging -account. While they write, lines
// that are under way are missing.
type Lines struct {
	Written int      `json:"written"`
	Dropped int      `json:"dropped"`
	Unsent  int      `json:"unsent"`
	Missing int      `json:"missing"`
	Named   []string `json:"named"`
	Doubled int      `json:"doubled"`
}

// Complete returns an error if a line is not in the store and nobody has said so, or if one is there twice.
func (l Lines) Complete() error {
	if l.Missing+l.Doubled > 0 || l.Written == 0 {
		return fmt.Errorf("of %d log lines %d are missing, %d are there twice; %d were dropped, %d not sent: %q", l.Written, l.Missing, l.Doubled, l.Dropped, l.Unsent, l.Named)
	}
	return nil
}

// LogLines compares the standard output of a core's services and gateways with the store of log lines.
func LogLines(ctx context.Context, s *stack.Stack) (l Lines, err error) {
	args := []string{"-account"}
	for _, p := range append(programs.Services(), programs.Gateways()...) {
		for _, id := range p.Processes() {
			for _, path := range []string{s.Log(id) + ".1", s.Log(id)} { // the older half first
				if _, err := os.Stat(path); err == nil {
					args = append(args, path)
				}
			}
		}
	}
	said, err := s.Output(ctx, "logging", args...)
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(said, &l); err != nil {
		return l, fmt.Errorf("read what logging says of its lines: %w: %s", err, said)
	}
	return l, nil
}
