package server_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/cache"
	"fxcore/lambda/testkit"
	"fxcore/lambda/trust"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// served returns the serial number of the certificate that a server shows now.
func served(t *testing.T, s server.Setting, port int) string {
	t.Helper()
	known, err := trust.Open(trust.Config{CAFile: s.CAFile()})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&tls.Dialer{Config: known.Dialing("127.0.0.1")}).DialContext(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
}

// renew replaces a server's certificate.
func renew(t *testing.T, s server.Server, child *process.Child) {
	t.Helper()
	signal := func(number syscall.Signal) error { return child.Status().Process.Signal(number) }
	if err := s.Renew(t.Context(), signal, true); err != nil {
		t.Fatal(err)
	}
}

// What was connected stays connected, and what connects from now on gets the new certificate.
func TestPostgresGetsANewCertificateWhileItRuns(t *testing.T) {
	s := newSetting(t)
	postgres, err := server.Postgres(s, []string{"auth"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	child := supervise(t, postgres.Spec)
	password, err := s.Folder.Secret("postgres")
	if err != nil {
		t.Fatal(err)
	}
	connect := func() (*pgx.Conn, string) {
		conn, err := pgx.Connect(t.Context(), s.Trusting(server.PostgresURL(s.Ports, "postgres", password, "postgres")))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
		return conn, conn.PgConn().Conn().(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	open, first := connect()
	renew(t, postgres, child)
	testkit.Eventually(t, "the new certificate", time.Minute, func() error {
		if _, serial := connect(); serial == first {
			return errors.New("it shows the old one")
		}
		return nil
	})
	if err := open.Ping(t.Context()); err != nil {
		t.Errorf("a connection from before: %v", err)
	}
	plain := "postgres://postgres:" + password + "@127.0.0.1:" + strconv.Itoa(s.Ports.Postgres()) + "/postgres?sslmode=disable"
	if _, err := pgx.Connect(t.Context(), plain); err == nil {
		t.Error("it takes a password without TLS")
	}
}

func TestRedisGetsANewCertificateWhileItRuns(t *testing.T) {
	s := newSetting(t)
	store, err := server.Redis(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	child := supervise(t, store.Spec)
	password, err := s.Folder.Secret("redis")
	if err != nil {
		t.Fatal(err)
	}
	open, err := cache.Open(cache.Config{
		URL: server.RedisURL(s.Ports, server.RedisAdmin, password), CAFile: s.CAFile(), PoolSize: 1, DialTimeout: time.Minute, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = open.Close() }()
	if err := open.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	first := served(t, s, s.Ports.Redis())
	renew(t, store, child)
	if served(t, s, s.Ports.Redis()) == first {
		t.Error("it shows the old certificate")
	}
	if err := open.Ping(t.Context()).Err(); err != nil {
		t.Errorf("a connection from before: %v", err)
	}
}

// Erlang forgets files after two minutes, so this takes a while.
func TestTheBrokerGetsANewCertificateWhileItRuns(t *testing.T) {
	s := newSetting(t)
	servers, err := server.RabbitMQ(s)
	if err != nil {
		t.Fatal(err)
	}
	var child *process.Child
	for _, one := range servers {
		if err := one.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		child = supervise(t, one.Spec)
	}
	first := served(t, s, s.Ports.AMQP())
	renew(t, servers[1], child)
	testkit.Eventually(t, "the new certificate", 5*time.Minute, func() error {
		if served(t, s, s.Ports.AMQP()) == first {
			return errors.New("it shows the old one")
		}
		return nil
	})
}

func TestACertificateIsKeptUntilItIsDueAndIsTheServersAlone(t *testing.T) {
	s := newSetting(t)
	store, err := server.Redis(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	read := func() []byte {
		t.Helper()
		if err := store.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(s.Folder.Data("redis"), "server.pem")
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o400 {
			t.Fatalf("mode %v, %v; want 0400", info.Mode(), err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if first := read(); !bytes.Equal(first, read()) {
		t.Error("a second start makes another certificate")
	}
	first := read()
	if err := os.RemoveAll(s.Folder.Path("authority")); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, read()) {
		t.Error("the certificate of an authority that is gone is kept")
	}
	served, err := os.ReadFile(s.CAFile())
	if err != nil || bytes.Contains(served, []byte("PRIVATE")) {
		t.Errorf("the authority's key is in %s: %v", s.CAFile(), err)
	}
}
