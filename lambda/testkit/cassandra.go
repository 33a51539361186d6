package testkit

import (
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/gocql/gocql"
)

// CassandraVariable names the server: cassandra://user:password@host:port, a superuser.
const CassandraVariable = "TEST_CASSANDRA_URL"

// cassandraPatience bounds a statement that changes a schema, which a busy Cassandra takes seconds for.
const cassandraPatience = time.Minute

// Cassandra returns the URL of a new, empty keyspace: cassandra://user:password@host:port/keyspace. When the test ends, the
// keyspace is dropped.
//
// Cassandra is not on every machine. Where it is not, the test is skipped, and `make test` says so in its last lines. In CI
// the test fails instead.
func Cassandra(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(optional(t, CassandraVariable))
	if err != nil {
		t.Fatalf("%s: %v", CassandraVariable, err)
	}
	keyspace := name()
	change(t, u, "CREATE KEYSPACE "+keyspace+" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
	t.Cleanup(func() { change(t, u, "DROP KEYSPACE "+keyspace) })
	own := *u
	own.Path = "/" + keyspace
	return own.String()
}

// JaegerVariable names Jaeger's query program, which reads spans in Cassandra.
const JaegerVariable = "TEST_JAEGER_PROGRAM"

// Jaeger returns the path of Jaeger's query program. Where it is not, the test is skipped, as by [Cassandra].
func Jaeger(t testing.TB) string {
	t.Helper()
	return optional(t, JaegerVariable)
}

// optional returns the variable's value. If it is not set, the test is skipped; in CI it fails.
func optional(t testing.TB, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	switch {
	case value != "":
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is not set, and CI leaves nothing out: run scripts/bootstrap full, then `make test`", variable)
	default:
		t.Skipf("%s is not set: scripts/bootstrap full brings the server, `make test` starts it", variable)
	}
	return value
}

func change(t testing.TB, u *url.URL, statement string) {
	t.Helper()
	cluster := gocql.NewCluster(u.Host)
	password, _ := u.User.Password()
	cluster.Authenticator = gocql.PasswordAuthenticator{Username: u.User.Username(), Password: password}
	cluster.Timeout, cluster.ConnectTimeout, cluster.NumConns = cassandraPatience, patience, 1
	session, err := cluster.CreateSession()
	if err != nil {
		t.Fatalf("%s: %v", CassandraVariable, err)
	}
	defer session.Close()
	ctx, cancel := bounded()
	defer cancel()
	if err := session.Query(statement).WithContext(ctx).Exec(); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
