package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// providers asks all instances of the gateways, at the same time, which sessions they serve. Its error names the
// instances that do not answer; the answers of the others are returned, too.
func providers(ctx context.Context, instances []Service) ([]Provider, error) {
	said := make([][]Provider, len(instances))
	errs := make([]error, len(instances))
	var all sync.WaitGroup
	for i, instance := range instances {
		all.Go(func() { said[i], errs[i] = ask(ctx, instance) })
	}
	all.Wait()
	return merged(slices.Concat(said...)), errors.Join(errs...)
}

// merged returns one entry for each provider: that of the instance that serves it. If no instance serves it, only its
// name is known.
func merged(said []Provider) []Provider {
	byName := map[string]Provider{}
	for _, p := range said {
		if p.Instance == "" {
			p = Provider{Name: p.Name, State: loggedOff}
		}
		if known, found := byName[p.Name]; !found || known.Instance == "" || p.Connected() {
			byName[p.Name] = p
		}
	}
	all := make([]Provider, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, byName[name])
	}
	return all
}

// ask reads the sessions of one instance from /status: counters named provider.<ID>.<what>.
func ask(ctx context.Context, instance Service) ([]Provider, error) {
	name := instance.Name + "-" + instance.Replica
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, instance.Health+"/status", nil)
	if err != nil {
		return nil, fmt.Errorf("ask gateway %s: %w", name, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask gateway %s: %w", name, err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Counters map[string]int64 `json:"counters"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read answer of gateway %s: %w", name, err)
	}
	return fromCounters(name, answer.Counters), nil
}

func fromCounters(instance string, counters map[string]int64) []Provider {
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
		if parts[2] == "active" && counters[key] == 1 {
			p.Instance = instance
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
