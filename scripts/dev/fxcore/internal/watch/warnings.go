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

// warn asks all processes that have a health address at once what they miss although they work. Who does not answer says
// nothing: the supervisor says why it is not ready.
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

// warnings are one process' own, each in one line.
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
