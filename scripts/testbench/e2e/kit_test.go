//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"
)

// database connects to Postgres until the test ends, to look.
func (c *core) database(t *testing.T) *pgx.Conn {
	t.Helper()
	return connect(t, c.urls["postgres"])
}

// administrator connects as the superuser, to do what nobody may do.
func (c *core) administrator(t *testing.T) *pgx.Conn {
	t.Helper()
	return connect(t, c.urls["admin_postgres"])
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// health is what a process says of itself at /status.
type health struct {
	Ready    bool               `json:"ready"`
	Reasons  map[string]string  `json:"reasons"`
	Warnings map[string]string  `json:"warnings"`
	Counters map[string]float64 `json:"counters"`
}

// health asks a process of the core how it is.
func (c *core) health(t *testing.T, id string) (s health, err error) {
	t.Helper()
	p, err := c.Process(id)
	if err != nil {
		return s, err
	}
	return status(t, p.Health)
}

// count is a counter of the process at this health address.
func count(t *testing.T, address, counter string) float64 {
	t.Helper()
	s, err := status(t, address)
	if err != nil {
		t.Fatal(err)
	}
	return s.Counters[counter]
}

// sum is how far several counters of a program are, together.
func sum(t *testing.T, address string, counters []string) (all float64) {
	t.Helper()
	for _, counter := range counters {
		all += count(t, address, counter)
	}
	return all
}

func status(t *testing.T, address string) (s health, err error) {
	t.Helper()
	b, err := fetch(t, http.MethodGet, address+"/status")
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(b, &s)
}

// fetch makes one HTTP request and returns the answer, which must be 200.
func fetch(t *testing.T, method, url string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), statusBound)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s %s", method, url, response.Status, b)
	}
	return b, err
}
