package mirror_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/lambda/mirror"
	"fxcore/lambda/testkit"
)

var asOf = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

func texts(records map[string][]byte) (map[string]string, error) {
	decoded := map[string]string{}
	for id, record := range records {
		var text string
		if err := json.Unmarshal(record, &text); err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		decoded[id] = text
	}
	return decoded, nil
}

func TestRefreshLoadsAVersionWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	m := mirror.New(rdb, "colours", texts)
	if err := m.Ready(t.Context()); !errors.Is(err, mirror.ErrEmpty) {
		t.Fatalf("ready before anything was written: %v", err)
	}
	write(t, rdb, 1, map[string]string{"a": "red", "b": "blue"})
	refresh(t, m)
	holds(t, m, 1, map[string]string{"a": "red", "b": "blue"})

	announce(t, rdb, 2, 2)
	rdb.HSet(t.Context(), mirror.Key("colours", 2), "a", `"green"`) // the second record is missing
	if err := m.Refresh(t.Context()); err == nil {
		t.Fatal("half a version was accepted")
	}
	holds(t, m, 1, map[string]string{"a": "red", "b": "blue"})

	rdb.HSet(t.Context(), mirror.Key("colours", 2), "b", `"grey"`)
	refresh(t, m)
	holds(t, m, 2, map[string]string{"a": "green", "b": "grey"})
}

func TestAVersionThatCannotBeReadLeavesTheOneBefore(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	m := mirror.New(rdb, "colours", texts)
	write(t, rdb, 1, map[string]string{"a": "red"})
	refresh(t, m)
	announce(t, rdb, 2, 1)
	rdb.HSet(t.Context(), mirror.Key("colours", 2), "a", `{`)
	if err := m.Refresh(t.Context()); err == nil {
		t.Fatal("an unreadable record was accepted")
	}
	rdb.HSet(t.Context(), mirror.MetaKey, "colours", "not JSON")
	if err := m.Refresh(t.Context()); err == nil {
		t.Fatal("an unreadable announcement was accepted")
	}
	holds(t, m, 1, map[string]string{"a": "red"})
}

func TestASetWrittenAnewUnderAnOldVersionIsLoaded(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	m := mirror.New(rdb, "colours", texts)
	write(t, rdb, 1, map[string]string{"a": "red"})
	refresh(t, m)
	rdb.FlushDB(t.Context()) // Redis lost all, and its writer began again
	write(t, rdb, 1, map[string]string{"a": "green"})
	refresh(t, m)
	holds(t, m, 1, map[string]string{"a": "green"})
}

func TestASetThatWasOnlyConfirmedIsNotDecodedAgain(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	decoded := 0
	m := mirror.New(rdb, "colours", func(records map[string][]byte) (map[string]string, error) {
		decoded++
		return texts(records)
	})
	write(t, rdb, 1, map[string]string{"a": "red"})
	refresh(t, m)
	_, meta, _ := m.Current()
	meta.AsOf, meta.LoadedAt = asOf.Add(time.Minute), meta.LoadedAt.Add(time.Minute)
	describe(t, rdb, meta)
	refresh(t, m)
	records, confirmed, _ := m.Current()
	if decoded != 1 || records["a"] != "red" {
		t.Errorf("decoded %d times, holds %v", decoded, records)
	}
	if diff := cmp.Diff(meta, confirmed); diff != "" {
		t.Error(diff)
	}
}

// A writer of an older release tells neither when a set was written nor whether it was only confirmed.
func TestASetOfAnOlderWriterIsLoadedAgainWhenItIsConfirmed(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	m := mirror.New(rdb, "colours", texts)
	write(t, rdb, 1, map[string]string{"a": "red"})
	meta := mirror.Meta{Set: "colours", Version: 1, AsOf: asOf, LoadedAt: asOf, Count: 1}
	describe(t, rdb, meta)
	refresh(t, m)
	rdb.HSet(t.Context(), mirror.Key("colours", 1), "a", `"green"`)
	meta.LoadedAt = asOf.Add(time.Minute)
	describe(t, rdb, meta)
	refresh(t, m)
	holds(t, m, 1, map[string]string{"a": "green"})
}

func TestRedisAwayKeepsTheLastVersionAndSaysSo(t *testing.T) {
	t.Parallel()
	url := testkit.RedisURL(t)
	rdb, err := cache.Open(cache.Config{URL: url, PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	write(t, rdb, 1, map[string]string{"a": "red"})
	m := mirror.New(rdb, "colours", texts)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	testkit.Eventually(t, "the first version", 20*time.Second, func() error { return m.Ready(ctx) })
	if err := m.Fresh(ctx); err != nil {
		t.Fatal(err)
	}
	_ = rdb.Close() // from here on every command fails
	testkit.Eventually(t, "the fault to show", 20*time.Second, func() error {
		if m.Fresh(ctx) == nil {
			return errors.New("still fresh")
		}
		return nil
	})
	holds(t, m, 1, map[string]string{"a": "red"})
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, rdb *redis.Client, version int64, records map[string]string) {
	t.Helper()
	for id, text := range records {
		record, _ := json.Marshal(text)
		if err := rdb.HSet(t.Context(), mirror.Key("colours", version), id, record).Err(); err != nil {
			t.Fatal(err)
		}
	}
	announce(t, rdb, version, len(records))
}

func announce(t *testing.T, rdb *redis.Client, version int64, count int) {
	t.Helper()
	now := time.Now().UTC()
	describe(t, rdb, mirror.Meta{Set: "colours", Version: version, AsOf: asOf, LoadedAt: now, WrittenAt: now, Count: count})
}

func describe(t *testing.T, rdb *redis.Client, meta mirror.Meta) {
	t.Helper()
	text, err := json.Marshal(meta)
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.HSet(t.Context(), mirror.MetaKey, meta.Set, text).Err(); err != nil {
		t.Fatal(err)
	}
}

func refresh(t *testing.T, m *mirror.Mirror[map[string]string]) {
	t.Helper()
	if err := m.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, m *mirror.Mirror[map[string]string], version int64, want map[string]string) {
	t.Helper()
	got, meta, ok := m.Current()
	if !ok || meta.Version != version || meta.Set != "colours" || !meta.AsOf.Equal(asOf) || !maps.Equal(got, want) {
		t.Fatalf("holds %v, %+v: %s", ok, meta, cmp.Diff(want, got))
	}
}

// A version of a time to come would never be replaced, and would never be old.
func TestAVersionOfATimeToComeIsRefused(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	m := mirror.New(mirror.Dated(rdb, func() time.Time { return asOf.Add(time.Second) }), "colours", texts)
	write(t, rdb, 1, map[string]string{"a": "red"})
	refresh(t, m)
	write(t, rdb, asOf.Add(time.Hour).UnixMilli(), map[string]string{"a": "forged"})
	if err := m.Refresh(t.Context()); !errors.Is(err, mirror.ErrAhead) {
		t.Errorf("a version of the next hour: %v", err)
	}
	write(t, rdb, 2, map[string]string{"a": "forged"})
	describe(t, rdb, mirror.Meta{Set: "colours", Version: 2, AsOf: asOf.AddDate(73, 0, 0), Count: 1})
	if err := m.Refresh(t.Context()); !errors.Is(err, mirror.ErrAhead) {
		t.Errorf("a version as of 2099: %v", err)
	}
	holds(t, m, 1, map[string]string{"a": "red"})
	write(t, rdb, asOf.UnixMilli(), map[string]string{"a": "green"})
	refresh(t, m)
	holds(t, m, asOf.UnixMilli(), map[string]string{"a": "green"})
}
