// Package directory holds the bank's clients, as the mainframe last delivered them.
package directory

import (
	"cmp"
	"slices"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
)

// Client is a client of the bank.
type Client struct {
	ID     string `json:"client"`
	Name   string `json:"name"`
	Group  string `json:"group,omitempty"`
	Desk   string `json:"desk" doc:"Whose people deal with the client"`
	Status string `json:"status" doc:"active, or why the client does not deal"`
}

// Static keeps a copy of the set from Redis. It is safe for concurrent use.
type Static struct {
	*mirror.Mirror[[]Client] // with Run and Fresh
}

// Open returns a Static that holds no data. Run loads it.
func Open(rdb redis.Cmdable) Static { return Static{mirror.New(rdb, "clients", decode)} }

// Clients returns all clients by their id; false if none have been loaded.
func (s Static) Clients() ([]Client, bool) {
	all, _, loaded := s.Current()
	return all, loaded
}

func decode(records map[string][]byte) ([]Client, error) {
	type record struct{ Name, Group, Desk, Status string }
	all := make([]Client, 0, len(records))
	err := mirror.Decode(records, func(id string, r record) error {
		all = append(all, Client{id, r.Name, r.Group, r.Desk, r.Status})
		return nil
	})
	slices.SortFunc(all, func(a, b Client) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}
