// Package directory holds the bank's desks, as the mainframe last vouched for them.
package directory

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
	"fxcore/services/responsibility/internal/assignment"
)

// Static follows the set of desks in Redis. Their age does not matter: a trade that goes to yesterday's desk is better
// off than one that goes to nobody.
type Static struct {
	desks *mirror.Mirror[map[string]assignment.Desk]
}

// Open prepares the set; Run fills it.
func Open(rdb redis.Cmdable) *Static { return &Static{mirror.New(rdb, "desks", decode)} }

// Run follows the desks until ctx ends.
func (s *Static) Run(ctx context.Context) error { return s.desks.Run(ctx) }

// Ready is a health check: nil once the desks were loaded.
func (s *Static) Ready(ctx context.Context) error { return s.desks.Ready(ctx) }

// Fresh is a health check: nil while the desks can be followed.
func (s *Static) Fresh(ctx context.Context) error { return s.desks.Fresh(ctx) }

// Desks are the desks as they are now, by id. They do not change any more.
func (s *Static) Desks() map[string]assignment.Desk {
	desks, _, _ := s.desks.Current()
	return desks
}

func decode(records map[string][]byte) (map[string]assignment.Desk, error) {
	desks := make(map[string]assignment.Desk, len(records))
	for id, text := range records {
		var r struct {
			Products []string `json:"products"`
			Traders  []string `json:"traders"`
		}
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("desk %s: %w", id, err)
		}
		desks[id] = assignment.Desk{ID: id, Products: r.Products, Traders: r.Traders}
	}
	return desks, nil
}
