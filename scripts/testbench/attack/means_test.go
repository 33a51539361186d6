//go:build e2e

package attack

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	amqp091 "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
)

// means are the settings of one program, and nothing else: what somebody has who has read them.
type means struct {
	program  string
	settings map[string]string
}

// means reads the settings of a program, as the start of the core has written them.
func (c *core) means(t *testing.T, program string) means {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Folder, "env", program))
	if err != nil {
		t.Fatal(err)
	}
	m := means{program: program, settings: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		m.settings[name] = strings.ReplaceAll(strings.Trim(value, "'"), `'\''`, `'`)
	}
	return m
}

// setting returns a setting's value. A setting NAME may also be in a file that NAME_FILE names.
func (m means) setting(t *testing.T, name string) string {
	t.Helper()
	if value, set := m.settings[name]; set {
		return m.trusting(value)
	}
	file, set := m.settings[name+"_FILE"]
	if !set {
		t.Fatalf("%s has no setting %s", m.program, name)
	}
	text, err := os.ReadFile(file) //nolint:gosec // the core's own
	if err != nil {
		t.Fatal(err)
	}
	return m.trusting(strings.TrimSpace(string(text)))
}

// trusting returns a server's URL with the file of the core's authority, which every program has.
func (m means) trusting(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.User == nil || m.settings["TLS_CA_FILE"] == "" {
		return value
	}
	query, parameter := u.Query(), "cacertfile"
	if u.Scheme == "postgres" {
		parameter = "sslrootcert"
	}
	query.Set(parameter, m.settings["TLS_CA_FILE"])
	u.RawQuery = query.Encode()
	return u.String()
}

// broker connects to RabbitMQ as the program, until the test ends.
func (m means) broker(t *testing.T) *amqp091.Connection {
	t.Helper()
	conn, err := dial(m.setting(t, "AMQP_URL"))
	if err != nil {
		t.Fatalf("the broker refuses %s: %v", m.program, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func dial(url string) (*amqp091.Connection, error) {
	return amqp091.DialConfig(url, amqp091.Config{Heartbeat: time.Minute, Dial: amqp091.DefaultDial(attackBound)})
}

// database connects to PostgreSQL as the program, until the test ends.
func (m means) database(t *testing.T) *pgx.Conn {
	t.Helper()
	return connect(t, m.setting(t, "POSTGRES_URL"))
}

// observer are the means of who looks at the servers, under the setting that a program has for one of them.
func (c *core) observer(setting, server string) means {
	return means{"the observer", map[string]string{setting: c.urls[server]}}
}

// database connects as the observer, to look at what an attack has done.
func (c *core) database(t *testing.T) *pgx.Conn {
	t.Helper()
	return connect(t, c.urls["postgres"])
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// redis connects to Redis as the program, until the test ends.
func (m means) redis(t *testing.T) *redis.Client {
	t.Helper()
	options, err := cache.Options(m.setting(t, "REDIS_URL"), "")
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}
