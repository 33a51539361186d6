// Package mirror holds a versioned set of records from Redis in memory, decoded, with its age.
//
// The writer of a set stores all its records in the hash static:<set>:<version> (record id -> JSON). Then it names that version
// in the hash static:meta (set -> [Meta] as JSON). So a reader sees a version whole or not at all. While Redis is away, the
// last version stays in memory: code that decides by it must bound its age, by [Meta.AsOf].
package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/follow"
)

// The keys in Redis that writer and readers share.
const (
	MetaKey   = "static:meta"
	keyPrefix = "static:"
)

const (
	interval = time.Second     // between two looks at the version
	patience = 5 * time.Second // bounds one look, loading included
)

// Meta describes one version of a set.
type Meta struct {
	Set       string    `json:"set"`
	Version   int64     `json:"version"`             // grows with each version
	AsOf      time.Time `json:"as_of"`               // when the records were true at their origin, UTC
	LoadedAt  time.Time `json:"loaded_at"`           // when they were written to Redis, or last confirmed as unchanged, UTC
	WrittenAt time.Time `json:"written_at,omitzero"` // when they were written to Redis, UTC; a writer of an older release does not say it
	Count     int       `json:"count"`               // how many records there are

	ContentSignature string `json:"content_signature,omitempty"` // the origin's, see [Signer]
	HeldSignature    string `json:"held_signature,omitempty"`
}

// sameRecords tells whether both descriptions are of the same records. A version that is written anew, because Redis lost it, may
// have other records.
func (m Meta) sameRecords(other Meta) bool {
	return m.Version == other.Version && m.written().Equal(other.written())
}

func (m Meta) written() time.Time {
	if m.WrittenAt.IsZero() {
		return m.LoadedAt
	}
	return m.WrittenAt
}

// Key is the hash that holds the records of a version.
func (m Meta) Key() string { return Key(m.Set, m.Version) }

// Key is the hash that holds the records of the given version of a set.
func Key(set string, version int64) string { return fmt.Sprintf("%s%s:%d", keyPrefix, set, version) }

// ErrEmpty says that no version has been loaded since the process started.
var ErrEmpty = errors.New("nothing loaded yet")

// ErrNoVersion says that the writer has named no version of the set.
var ErrNoVersion = errors.New("no version in Redis")

// ErrAhead says that a version is of a time to come. Whoever took it would keep it: all that comes later is older, and its age never
// grows.
var ErrAhead = errors.New("it is of a time to come")

// maxAhead is how far the clocks of the writer, of the origin and of a reader may be apart. A version is the time since when the records
// are as they are, in milliseconds of the Unix epoch.
const maxAhead = 10 * time.Minute

// Dated returns a Redis for [New] in which sets have dates by the clock now. A mirror refuses a version that is ahead of it, and the version
// before stays.
func Dated(rdb redis.Cmdable, now func() time.Time) redis.Cmdable {
	s := sourceOf(rdb)
	s.now = now
	return s
}

// Signed returns a Redis for [New] in which an origin has signed the sets. A mirror refuses a version that is not as one of the keys
// has signed it, and the version before stays. Without a key it refuses all.
func Signed(rdb redis.Cmdable, keys *follow.File[Keys]) redis.Cmdable {
	s := sourceOf(rdb)
	s.keys = keys
	return s
}

// source is Redis, with that by which a mirror judges what it finds there.
type source struct {
	redis.Cmdable

	now  func() time.Time   // nil: versions have no dates
	keys *follow.File[Keys] // nil: sets are not signed
}

// trusted returns the keys that count now; nil if sets are not signed.
func (s source) trusted() Keys {
	if s.keys == nil {
		return nil
	}
	return append(Keys{}, s.keys.Now()...)
}

func sourceOf(rdb redis.Cmdable) source {
	if s, is := rdb.(source); is {
		return s
	}
	return source{Cmdable: rdb}
}

// Mirror is one set in memory, decoded to T. It is safe for use by many goroutines.
type Mirror[T any] struct {
	rdb     source
	set     string
	decode  func(records map[string][]byte) (T, error)
	current atomic.Pointer[version[T]]
	fault   atomic.Pointer[error]
}

type version[T any] struct {
	records T
	meta    Meta
	fault   error // bad records that were left out
}

// New returns an empty mirror of a set. decode makes one immutable T of all its records, usually by [Decode]. Records that it
// leaves out with a [*BadRecordsError] show in Fresh. If it fails in another way the version is refused, the one before stays,
// and it is tried again.
func New[T any](rdb redis.Cmdable, set string, decode func(records map[string][]byte) (T, error)) *Mirror[T] {
	return &Mirror[T]{rdb: sourceOf(rdb), set: set, decode: decode}
}

// Current returns the records and their description; false if nothing has been loaded yet. The caller must not change T.
func (m *Mirror[T]) Current() (T, Meta, bool) {
	v := m.current.Load()
	if v == nil {
		var none T
		return none, Meta{}, false
	}
	return v.records, v.meta, true
}

// Run keeps the set current until ctx ends. It returns nil.
func (m *Mirror[T]) Run(ctx context.Context) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		err := m.Refresh(ctx)
		m.fault.Store(&err)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Refresh looks once. It loads the set's records if they are not those that the mirror has. If they were only confirmed, it takes
// over their description, and with it the new AsOf. Run calls it at intervals. The error is a [*BadRecordsError] while the version
// held lacks records.
func (m *Mirror[T]) Refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	meta, err := m.announced(ctx)
	if err != nil {
		return fmt.Errorf("look for %s: %w", m.set, err)
	}
	if m.ahead(meta) {
		return fmt.Errorf("load %s, version %d as of %s: %w", m.set, meta.Version, meta.AsOf.Format(time.RFC3339), ErrAhead)
	}
	if err := m.rdb.trusted().verify(heldClaim(m.set, meta.Version, meta.AsOf), meta.HeldSignature); err != nil {
		return fmt.Errorf("load %s, version %d as of %s: %w", m.set, meta.Version, meta.AsOf.Format(time.RFC3339), err)
	}
	if held := m.current.Load(); held != nil && held.meta.sameRecords(meta) {
		m.current.Store(&version[T]{held.records, meta, held.fault})
		return held.fault
	}
	records, err := m.load(ctx, meta)
	if err != nil {
		err = fmt.Errorf("load %s, version %d: %w", m.set, meta.Version, err)
	}
	var bad *BadRecordsError
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	m.current.Store(&version[T]{records, meta, err})
	return err
}

func (m *Mirror[T]) ahead(meta Meta) bool {
	if m.rdb.now == nil {
		return false
	}
	latest := m.rdb.now().Add(maxAhead)
	return meta.AsOf.After(latest) || meta.Version > latest.UnixMilli()
}

// Ready is a health check. It fails with [ErrEmpty] until a version has been loaded.
func (m *Mirror[T]) Ready(context.Context) error {
	if m.current.Load() == nil {
		return fmt.Errorf("%s: %w", m.set, errors.Join(ErrEmpty, m.lastFault()))
	}
	return nil
}

// Fresh is a health check. It fails if the last look failed, even if there are records in memory.
func (m *Mirror[T]) Fresh(context.Context) error { return m.lastFault() }

func (m *Mirror[T]) lastFault() error {
	if fault := m.fault.Load(); fault != nil {
		return *fault
	}
	return nil
}

func (m *Mirror[T]) announced(ctx context.Context) (Meta, error) {
	text, err := m.rdb.HGet(ctx, MetaKey, m.set).Bytes()
	if errors.Is(err, redis.Nil) {
		return Meta{}, ErrNoVersion
	}
	if err != nil {
		return Meta{}, err
	}
	var meta Meta
	if err := json.Unmarshal(text, &meta); err != nil {
		return Meta{}, fmt.Errorf("%s is not readable: %w", MetaKey, err)
	}
	meta.Set = m.set
	return meta, nil
}

// load fails if records are missing: the writer may be removing this version, because there is a newer one.
func (m *Mirror[T]) load(ctx context.Context, meta Meta) (T, error) {
	var none T
	fields, err := m.rdb.HGetAll(ctx, meta.Key()).Result()
	if err != nil {
		return none, err
	}
	if len(fields) != meta.Count {
		return none, fmt.Errorf("%d records of %d", len(fields), meta.Count)
	}
	records := make(map[string][]byte, len(fields))
	for id, text := range fields {
		records[id] = []byte(text)
	}
	if keys := m.rdb.trusted(); keys != nil {
		if err := keys.verify(contentClaim(m.set, meta.Version, records), meta.ContentSignature); err != nil {
			return none, err
		}
	}
	return m.decode(records)
}
