package server

import (
	"context"
	"fmt"
	"net/http"
)

// askHTTP returns nil if a server answers 200 at an address, which may have a user and a password. title names the server in errors.
func askHTTP(ctx context.Context, client *http.Client, title, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask %s: %w", title, err)
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("ask %s: %w", title, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: it answers %s", title, response.Status)
	}
	return nil
}
