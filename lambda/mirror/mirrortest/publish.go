// Package mirrortest writes the sets that mirrors read, and runs those who read them, for tests.
package mirrortest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
)

// Publish writes a version of a set, with its records by id, and announces it.
func Publish(t testing.TB, rdb *redis.Client, set string, version int64, asOf time.Time, records map[string]string) {
	t.Helper()
	for id, record := range records {
		if err := rdb.HSet(t.Context(), mirror.Key(set, version), id, record).Err(); err != nil {
			t.Fatal(err)
		}
	}
	meta, err := json.Marshal(mirror.Meta{
		Set: set, Version: version, AsOf: asOf, LoadedAt: asOf, WrittenAt: time.Now().UTC(), Count: len(records),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.HSet(t.Context(), mirror.MetaKey, set, meta).Err(); err != nil {
		t.Fatal(err)
	}
}

// PublishAll writes the first version of each set, records by set and id.
func PublishAll(t testing.TB, rdb *redis.Client, asOf time.Time, sets map[string]map[string]string) {
	t.Helper()
	for set, records := range sets {
		Publish(t, rdb, set, 1, asOf, records)
	}
}
