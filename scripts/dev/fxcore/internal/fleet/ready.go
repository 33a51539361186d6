package fleet

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
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
)

// reasons returns nil if a response of /ready says ready, and otherwise an error with the reasons.
func reasons(response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	var answer struct {
		Reasons map[string]string `json:"reasons"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&answer); err != nil {
		return fmt.Errorf("its health address answers %s", response.Status)
	}
	var why []string
	for _, check := range slices.Sorted(maps.Keys(answer.Reasons)) {
		why = append(why, check+": "+answer.Reasons[check])
	}
	return errors.New(strings.Join(why, "; "))
}

// staticSets are the sets of mainframe data that every decision needs.
func staticSets() []string {
	return []string{
		"accounts", "agreements", "balancing", "calendars", "clients", "clock", "currencies", "desks", "groups", "holdings", "lines", "nostros",
		"pairs", "points", "providers", "quotes", "rates", "risk", "users",
	}
}

// awaitStaticData waits until every set is in Redis, at most a minute.
func (f Fleet) awaitStaticData(ctx context.Context) error {
	urls, err := ObserverURLs(f.Folder, f.Ports)
	if err != nil {
		return err
	}
	client, err := cache.Open(cache.Config{URL: urls.Redis, PoolSize: 1, DialTimeout: 2 * time.Second, Timeout: 2 * time.Second})
	if err != nil {
		return fmt.Errorf("open Redis: %w", err)
	}
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		missing, err := missingSets(ctx, client)
		if err == nil && len(missing) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("static data has not arrived from the mainframe, missing %v (%w); see the logs of mainframe, datasync and mainframe-simulator", missing, errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}

func missingSets(ctx context.Context, client *redis.Client) ([]string, error) {
	arrived, err := client.HKeys(ctx, "static:meta").Result()
	if err != nil {
		return staticSets(), fmt.Errorf("ask Redis: %w", err)
	}
	return slices.DeleteFunc(staticSets(), func(set string) bool { return slices.Contains(arrived, set) }), nil
}
