package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// providers asks the FIX gateway's /status for its sessions.
func providers(ctx context.Context, base string) ([]Provider, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/status", nil)
	if err != nil {
		return nil, fmt.Errorf("ask gateway: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return []Provider{}, fmt.Errorf("ask gateway: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Providers []Provider `json:"providers"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer); err != nil {
		return []Provider{}, fmt.Errorf("read gateway's answer: %w", err)
	}
	if answer.Providers == nil {
		return []Provider{}, nil
	}
	return answer.Providers, nil
}
