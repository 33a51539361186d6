// Package store keeps data sets in Redis, as package mirror reads them: a version is there whole, or not at all.
package store

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
	"fxcore/services/datasync/internal/messages"
)

// How long versions live that nothing points to.
const (
	unfinishedLife = 10 * time.Minute
	replacedLife   = 2 * time.Minute // a reader takes seconds
)

// maxAhead is how far the mainframe's clock may be ahead of the instant at which a page is loaded.
const maxAhead = 10 * time.Minute

// timeForm has one width, so that times compare as text.
const timeForm = "2006-01-02T15:04:05.000000Z"

//go:embed page.lua
var pageScript string

// Outcome is what a page led to.
type Outcome string

// The outcomes.
const (
	Old      Outcome = "old"      // a newer version is there
	Same     Outcome = "same"     // the version is there; its age is refreshed
	Unknown  Outcome = "unknown"  // "unchanged" of a version that is not there; it will be asked for again
	Part     Outcome = "part"     // further pages are to come
	Switched Outcome = "switched" // the version is complete, readers see it
)

// Store is Redis, as datasync uses it.
type Store struct {
	rdb  redis.UniversalClient
	page *redis.Script
}

// New returns the store on a Redis.
func New(rdb redis.UniversalClient) *Store {
	return &Store{rdb: rdb, page: redis.NewScript(pageScript)}
}

// Put takes one page, loaded at an instant. It is idempotent, and pages may come in any order.
func (s *Store) Put(ctx context.Context, d messages.Delivered, loaded time.Time) (Outcome, error) {
	keys := []string{
		mirror.MetaKey, mirror.Key(d.Set, d.Version), fmt.Sprintf("%s:pages:%d", mirror.Key(d.Set, d.Version), d.Pages),
	}
	args := []any{
		d.Set, strconv.FormatInt(d.Version, 10), d.AsOf.UTC().Format(timeForm), loaded.UTC().Format(timeForm),
		d.Page, d.Pages, unfinishedLife.Milliseconds(), replacedLife.Milliseconds(),
		loaded.Add(maxAhead).UTC().Format(timeForm), loaded.Add(maxAhead).UnixMilli(), d.ContentSignature, d.HeldSignature,
	}
	for id, record := range d.Records {
		args = append(args, id, []byte(record))
	}
	outcome, err := s.page.Run(ctx, s.rdb, keys, args...).Text()
	if err != nil {
		return "", fmt.Errorf("keep page %d of %s: %w", d.Page, d.Set, err)
	}
	return Outcome(outcome), nil
}

// Held returns what is loaded, by set. What cannot be read counts as not loaded: it will be loaded again.
func (s *Store) Held(ctx context.Context) (map[string]mirror.Meta, error) {
	texts, err := s.rdb.HGetAll(ctx, mirror.MetaKey).Result()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", mirror.MetaKey, err)
	}
	held := make(map[string]mirror.Meta, len(texts))
	for set, text := range texts {
		var meta mirror.Meta
		if json.Unmarshal([]byte(text), &meta) == nil {
			held[set] = meta
		}
	}
	return held, nil
}

// Claim is true for one of all replicas that ask for a set within the length.
func (s *Store) Claim(ctx context.Context, set string, length time.Duration) (bool, error) {
	err := s.rdb.SetArgs(ctx, "static:asked:"+set, "", redis.SetArgs{Mode: "NX", TTL: length}).Err()
	if err == redis.Nil { //nolint:errorlint // the library returns it bare: taken
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("claim %s: %w", set, err)
	}
	return true, nil
}
