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
	"time"
)

// providers asks the FIX gateway's /status for its sessions: counters named provider.<ID>.<what>.
func providers(ctx context.Context, base string) ([]Provider, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/status", nil)
	if err != nil {
		return nil, fmt.Errorf("ask gateway: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask gateway: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Counters map[string]int64 `json:"counters"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read gateway's answer: %w", err)
	}
	return fromCounters(answer.Counters), nil
}

func fromCounters(counters map[string]int64) []Provider {
	byName := map[string]*Provider{}
	for _, key := range slices.Sorted(maps.Keys(counters)) {
		parts := strings.Split(key, ".")
		if len(parts) != 3 || parts[0] != "provider" {
			continue
		}
		p, known := byName[parts[1]]
		if !known {
			p = &Provider{Name: parts[1], State: loggedOff}
			byName[p.Name] = p
		}
		p.set(parts[2], counters[key])
	}
	all := make([]Provider, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, *byName[name])
	}
	return all
}

func (p *Provider) set(what string, value int64) {
	switch what {
	case "logged_on":
		if value == 1 {
			p.State = loggedOn
		}
	case "since":
		p.Since = time.UnixMilli(value).UTC()
	case "next_in":
		p.Received = max(0, value-1)
	case "next_out":
		p.Sent = max(0, value-1)
	case "queue":
		p.Waiting = value
	}
}
