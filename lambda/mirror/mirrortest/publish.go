// Package mirrortest writes the sets that mirrors read, and runs those who read them, for tests.
package mirrortest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
)

// Keys are the public keys of who signs the sets of tests, as STATIC_KEYS has them.
func Keys(t testing.TB) string {
	t.Helper()
	return signer(t).Public().String()
}

// Config are the settings of a program that reads sets of tests: it believes what Publish has signed.
func Config(t testing.TB) mirror.Config {
	t.Helper()
	cfg := mirror.Config{MaxAge: time.Hour}
	if err := cfg.Keys.UnmarshalText([]byte(Keys(t))); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// signer has a key that all tests share: programs of one test are started by others.
func signer(t testing.TB) (s mirror.Signer) {
	t.Helper()
	seed := sha256.Sum256([]byte("the origin of the sets of tests"))
	if err := s.UnmarshalText([]byte(base64.StdEncoding.EncodeToString(seed[:]))); err != nil {
		t.Fatal(err)
	}
	return s
}

// Publish writes a version of a set, with its records by id, signs it, and announces it.
func Publish(t testing.TB, rdb *redis.Client, set string, version int64, asOf time.Time, records map[string]string) {
	t.Helper()
	signed := make(map[string][]byte, len(records))
	for id, record := range records {
		signed[id] = []byte(record)
		if err := rdb.HSet(t.Context(), mirror.Key(set, version), id, record).Err(); err != nil {
			t.Fatal(err)
		}
	}
	meta, err := json.Marshal(mirror.Meta{
		Set: set, Version: version, AsOf: asOf, LoadedAt: asOf, WrittenAt: time.Now().UTC(), Count: len(records),
		ContentSignature: signer(t).Content(set, version, signed), HeldSignature: signer(t).Held(set, version, asOf),
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
