package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"fxcore/scripts/internal/deployment"
	"fxcore/scripts/internal/programs"
)

// madeOf returns the folders of which each program is made, as the go command knows them. It must run in the project's root.
func madeOf(ctx context.Context) (map[string][]string, error) {
	all := map[string][]string{}
	for _, p := range programs.Ours() {
		out, err := exec.CommandContext(ctx, "go", "list", "-deps", "./"+p.Folder).Output() //nolint:gosec // our own list
		if err != nil {
			return nil, fmt.Errorf("list what %s is made of: %w", p.Name, err)
		}
		all[p.Name] = deployment.FoldersOf(strings.Fields(string(out)))
	}
	return all, nil
}
