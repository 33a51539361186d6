package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// warn asks all running processes, at the same time, for their warnings. It ignores a process that does not answer,
// because the supervisor already says why that one is not ready.
func warn(ctx context.Context, all []Service) {
	var asking sync.WaitGroup
	for i := range all {
		if all[i].Health == "" || all[i].PID == 0 {
			continue
		}
		asking.Go(func() { all[i].Warnings, _ = warnings(ctx, all[i].Health) })
	}
	asking.Wait()
}

// warnings returns the warnings of one process, each in one line.
func warnings(ctx context.Context, base string) ([]string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/status", nil)
	if err != nil {
		return nil, fmt.Errorf("ask for warnings: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for warnings: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Warnings map[string]string `json:"warnings"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read warnings: %w", err)
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(answer.Warnings)) {
		lines = append(lines, name+": "+strings.ReplaceAll(answer.Warnings[name], "\n", "; "))
	}
	return lines, nil
}
