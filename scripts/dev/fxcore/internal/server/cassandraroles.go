package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/gocql/gocql"
)

// CassandraAdmin is the superuser in place of the server's own one, whose password everybody knows.
const CassandraAdmin = "fxcore"

// The first superuser of a new server.
const firstAdmin = "cassandra"

// askCassandra sends OPTIONS, the first frame of CQL's binary protocol, and reads the head of the answer.
func askCassandra(ctx context.Context, port int) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("connect to Cassandra: %w", err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	const version, options, supported, head = 4, 5, 6, 9
	frame := [head]byte{0: version, 4: options}
	if _, err := conn.Write(frame[:]); err != nil {
		return fmt.Errorf("ask Cassandra: %w", err)
	}
	var answer [head]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return fmt.Errorf("ask Cassandra: %w", err)
	}
	if answer[4] != supported {
		return fmt.Errorf("ask Cassandra: it answered %x, length %d", answer, binary.BigEndian.Uint32(answer[5:]))
	}
	return nil
}

// provision makes the superuser with a password of this clone, locks the first one out, and makes the roles with their
// keyspaces. It tries again until ctx ends, because a new server makes its first superuser after it listens.
func (c cassandra) provision(ctx context.Context) error {
	for {
		err := c.tryProvision(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("prepare Cassandra: %w", err)
		case <-time.After(500 * time.Millisecond):
		}
	}
}

func (c cassandra) tryProvision(ctx context.Context) error {
	session, err := c.administrator()
	if err != nil {
		if err := c.replaceAdmin(ctx); err != nil {
			return err
		}
		if session, err = c.administrator(); err != nil {
			return err
		}
	}
	defer session.Close()
	statements := []string{fmt.Sprintf("ALTER ROLE %s WITH PASSWORD = '%s' AND LOGIN = false AND SUPERUSER = false", firstAdmin, c.password)}
	for _, role := range c.roles {
		password, err := c.setting.Folder.Secret("cassandra-" + role)
		if err != nil {
			return err
		}
		statements = append(statements, keyspaceStatements(role, password)...)
	}
	return execute(ctx, session, statements...)
}

// replaceAdmin logs in as the first superuser and makes ours.
func (c cassandra) replaceAdmin(ctx context.Context) error {
	session, err := c.login(firstAdmin, firstAdmin)
	if err != nil {
		return err
	}
	defer session.Close()
	return execute(ctx, session, fmt.Sprintf("CREATE ROLE IF NOT EXISTS %s WITH PASSWORD = '%s' AND LOGIN = true AND SUPERUSER = true",
		CassandraAdmin, c.password))
}

// keyspaceStatements returns the statements for one role. They need no quoting: see roleStatements.
func keyspaceStatements(role, password string) []string {
	return []string{
		fmt.Sprintf("CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}", role),
		fmt.Sprintf("CREATE ROLE IF NOT EXISTS %s WITH PASSWORD = '%s' AND LOGIN = true", role, password),
		fmt.Sprintf("ALTER ROLE %s WITH PASSWORD = '%s'", role, password),
		fmt.Sprintf("GRANT ALL PERMISSIONS ON KEYSPACE %s TO %s", role, role),
	}
}

func execute(ctx context.Context, session *gocql.Session, statements ...string) error {
	for _, s := range statements {
		if err := session.Query(s).WithContext(ctx).Exec(); err != nil {
			return fmt.Errorf("prepare Cassandra: %w", err)
		}
	}
	return nil
}

func (c cassandra) login(role, password string) (*gocql.Session, error) {
	cluster := gocql.NewCluster(CassandraHosts(c.setting.Ports))
	cluster.Authenticator = gocql.PasswordAuthenticator{Username: role, Password: password}
	cluster.Timeout, cluster.ConnectTimeout, cluster.NumConns = 20*time.Second, 5*time.Second, 1
	cluster.Logger = quiet{}
	session, err := cluster.CreateSession()
	if err != nil {
		return nil, fmt.Errorf("log in at Cassandra as %s: %w", role, err)
	}
	return session, nil
}

// quiet drops the driver's lines: the caller gets each error.
type quiet struct{}

func (quiet) Print(...any)          {}
func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}
