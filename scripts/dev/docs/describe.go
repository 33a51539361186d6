package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"fxcore/lambda/amqp"
	"fxcore/scripts/internal/broker"
)

// describe builds every service and gateway and asks each for its topology. It builds them itself, so that the
// documents never come from an old binary.
func describe(ctx context.Context) ([]amqp.Topology, error) {
	programs, err := mains("services/*/main.go", "gateways/*/main.go")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "docs-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if _, err := output(ctx, "go", append([]string{"build", "-o", folder + "/"}, programs...)...); err != nil {
		return nil, err
	}
	paths := make([]string, len(programs))
	for i, program := range programs {
		paths[i] = filepath.Join(folder, filepath.Base(program))
	}
	return broker.Describe(ctx, paths...)
}

// mains returns the packages whose main.go matches one of the patterns, in a fixed order.
func mains(patterns ...string) ([]string, error) {
	var packages []string
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			packages = append(packages, "./"+filepath.Dir(file))
		}
	}
	if len(packages) == 0 {
		return nil, errors.New("found no services: run this command in the project's root")
	}
	slices.Sort(packages)
	return packages, nil
}

func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, name, args...) //nolint:gosec // our own programs
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %v: %w", name, args, err)
	}
	return out, nil
}
