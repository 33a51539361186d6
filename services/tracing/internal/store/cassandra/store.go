// Package cassandra keeps the journal and the spans in Cassandra. The spans are in the schema that Jaeger reads.
//
// The journal is the truth. Spans and indexes follow from it: [Store.Append] makes them after the journal has the records, and
// notes how far it has come. If it is killed in between, whoever reads the chain's head next makes the rest.
package cassandra

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gocql/gocql"

	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/store"
)

// Config says where the servers are. Without hosts the journal is kept in PostgreSQL.
type Config struct {
	Hosts    []string      `env:"CASSANDRA_HOSTS"` // host:port, with commas
	Keyspace string        `env:"CASSANDRA_KEYSPACE" envDefault:"tracing"`
	User     string        `env:"CASSANDRA_USER" envDefault:"tracing"`
	Password string        `env:"CASSANDRA_PASSWORD,unset"`
	File     string        `env:"CASSANDRA_PASSWORD_FILE"`            // file with the same password: a new one counts for the next connection
	Timeout  time.Duration `env:"CASSANDRA_TIMEOUT" envDefault:"10s"` // of one statement
	Conns    int           `env:"CASSANDRA_CONNECTIONS" envDefault:"2"`
}

// FromURL returns the settings that a test's URL has: cassandra://user:password@host:port/keyspace.
func FromURL(text string) (Config, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Config{}, fmt.Errorf("read Cassandra's URL: %w", err)
	}
	password, _ := u.User.Password()
	return Config{
		Hosts: []string{u.Host}, Keyspace: strings.TrimPrefix(u.Path, "/"), User: u.User.Username(), Password: password,
		Timeout: 30 * time.Second, Conns: 2,
	}, nil
}

// Store implements [store.Store]. It connects when it is first used, and again when the server was away.
type Store struct {
	cfg  Config
	keep store.Keep

	login login

	mu      sync.Mutex
	session *gocql.Session
	named   map[string]bool // services and operations that Jaeger's lists have
}

// New returns a store that is not connected yet.
func New(cfg Config, keep store.Keep) *Store {
	return &Store{cfg: cfg, keep: keep, login: newLogin(cfg), named: map[string]bool{}}
}

// Close closes the connections.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session != nil {
		s.session.Close()
		s.session = nil
	}
}

// connect returns the session. The first call makes the tables that are missing.
func (s *Store) connect(ctx context.Context) (*gocql.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session != nil && !s.session.Closed() {
		return s.session, nil
	}
	c := gocql.NewCluster(s.cfg.Hosts...)
	c.Keyspace, c.Consistency, c.SerialConsistency = s.cfg.Keyspace, gocql.LocalQuorum, gocql.LocalSerial
	c.Timeout, c.WriteTimeout, c.ConnectTimeout, c.NumConns = s.cfg.Timeout, s.cfg.Timeout, s.cfg.Timeout, max(1, s.cfg.Conns)
	c.ReconnectInterval = time.Second
	c.DisableSkipMetadata = false
	c.Logger = quiet{}
	if s.cfg.User != "" {
		c.Authenticator = s.login
	}
	session, err := c.CreateSession()
	if err != nil {
		return nil, fmt.Errorf("connect to Cassandra: %w", err)
	}
	if err := migrate(ctx, session, s.cfg.Keyspace); err != nil {
		session.Close()
		return nil, err
	}
	s.session = session
	return session, nil
}

// Ready implements [store.Store].
func (s *Store) Ready(ctx context.Context) error {
	session, err := s.connect(ctx)
	if err != nil {
		return err
	}
	var at time.Time
	return failed("ask Cassandra", session.Query("SELECT toTimestamp(now()) FROM system.local").WithContext(ctx).Scan(&at))
}

func failed(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Alive implements [store.Appender].
func (s *Store) Alive(ctx context.Context, name string, within time.Duration) ([]string, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	seconds := max(1, int(within.Seconds()))
	if err := session.Query("INSERT INTO replica (cluster, name, seen) VALUES (0, ?, toTimestamp(now())) USING TTL ?", name, seconds).WithContext(ctx).Exec(); err != nil {
		return nil, failed("note that this replica works", err)
	}
	var names []string
	var one string
	iter := session.Query("SELECT name FROM replica WHERE cluster = 0").WithContext(ctx).Iter()
	for iter.Scan(&one) {
		names = append(names, one)
	}
	return names, failed("list the replicas", iter.Close())
}

// Key implements [store.Keys].
func (s *Store) Key(ctx context.Context, client string) (payload.Key, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return payload.Key{}, err
	}
	var secret []byte
	err = session.Query("SELECT secret FROM client_key WHERE client = ?", client).WithContext(ctx).Consistency(gocql.Consistency(gocql.LocalSerial)).Scan(&secret)
	if !errors.Is(err, gocql.ErrNotFound) {
		return payload.NewKey(secret), failed("read a client's key", err)
	}
	drawn := make([]byte, payload.KeySize)
	_, _ = rand.Read(drawn) // never fails: see crypto/rand
	there := map[string]any{}
	applied, err := session.Query("INSERT INTO client_key (client, secret) VALUES (?, ?) IF NOT EXISTS", client, drawn).WithContext(ctx).MapScanCAS(there)
	if err != nil {
		return payload.Key{}, failed("draw a client's key", err)
	}
	if applied {
		return payload.NewKey(drawn), nil
	}
	secret, _ = there["secret"].([]byte)
	return payload.NewKey(secret), nil
}

// Shred implements [store.Keys]. It writes by a light-weight transaction, as Key does: the two kinds of writes have clocks of their own.
func (s *Store) Shred(ctx context.Context, client string) error {
	if _, err := s.Key(ctx, client); err != nil { // so that there is a row
		return err
	}
	session, err := s.connect(ctx)
	if err != nil {
		return err
	}
	_, err = session.Query("UPDATE client_key SET secret = 0x, removed_at = toTimestamp(now()) WHERE client = ? IF EXISTS", client).
		WithContext(ctx).MapScanCAS(map[string]any{})
	return failed("remove a client's key", err)
}

// Forget implements [store.Store]. Spans and indexes end by themselves (TTL).
func (s *Store) Forget(ctx context.Context, keep store.Keep, now time.Time) error {
	session, err := s.connect(ctx)
	if err != nil || keep.Journal <= 0 {
		return err
	}
	before := int(now.Add(-keep.Journal).Unix() / (24 * 60 * 60))
	for chain := range chains {
		parts, err := s.Parts(ctx, chain)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if int(p.Day) >= before || !p.Anchored {
				break
			}
			err := session.Query("DELETE FROM journal WHERE day = ? AND chain = ?", int(p.Day), chain).WithContext(ctx).Exec()
			if err == nil {
				err = session.Query("DELETE FROM part WHERE chain = ? AND day = ?", chain, int(p.Day)).WithContext(ctx).Exec()
			}
			if err != nil {
				return failed("forget old records", err)
			}
		}
	}
	return nil
}

// quiet drops the driver's lines: the caller gets each error.
type quiet struct{}

func (quiet) Print(...any)          {}
func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}
