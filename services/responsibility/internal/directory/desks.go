// Package directory holds the bank's desks in memory, as the mainframe last confirmed them.
package directory

import (
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
	"fxcore/services/responsibility/internal/assignment"
)

// Static keeps a copy of the desks from Redis. The copy may be of any age: it is better to assign a trade to
// yesterday's desk than to nobody. Static is safe for concurrent use.
type Static struct {
	mirror.Sets // with Run, Ready and Fresh

	desks *mirror.Mirror[map[string]assignment.Desk]
}

// Open returns a Static that holds no desks. Run loads them.
func Open(rdb redis.Cmdable) *Static {
	desks := mirror.New(rdb, "desks", decode)
	return &Static{mirror.Sets{desks}, desks}
}

// Desks returns the current desks by id; it returns nil before the first load. Nobody may change the map.
func (s *Static) Desks() map[string]assignment.Desk {
	desks, _, _ := s.desks.Current()
	return desks
}

func decode(records map[string][]byte) (map[string]assignment.Desk, error) {
	type record struct {
		Products []string `json:"products"`
		Traders  []string `json:"traders"`
	}
	desks := make(map[string]assignment.Desk, len(records))
	return desks, mirror.Decode(records, func(id string, r record) error {
		desks[id] = assignment.Desk{ID: id, Products: r.Products, Traders: r.Traders}
		return nil
	})
}
