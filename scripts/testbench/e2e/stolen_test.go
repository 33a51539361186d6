//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/mirror"
	"fxcore/lambda/signing"
)

// tryBound is for one try to come in, on a busy machine.
const tryBound = time.Minute

// steal returns the secrets of the core's folder, by name, and the broker's cookie.
func (c *core) steal(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(c.Folder, "secrets", "*"))
	if err != nil {
		t.Fatal(err)
	}
	stolen := map[string]string{}
	for _, path := range append(files, c.cookieFile()) {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue
		}
		stolen[filepath.Base(path)] = c.content(t, path)
	}
	return stolen
}

func (c *core) cookieFile() string {
	return filepath.Join(c.Folder, "data", "rabbitmq", ".erlang.cookie")
}

func (c *core) content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // the core's own
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// passwords returns the secrets of a server's users, by user.
func passwords(stolen map[string]string, server string) map[string]string {
	found := map[string]string{}
	for name, value := range stolen {
		if user, of := strings.CutPrefix(name, server+"-"); of {
			found[user] = value
		}
	}
	return found
}

// opensNothing tries all that was stolen before a rotation. Each kind is also tried with what is in use, so that a try that cannot succeed is no
// proof.
func (c *core) opensNothing(t *testing.T, stolen map[string]string) {
	t.Helper()
	now := c.steal(t)
	for server, try := range map[string]func(context.Context, string, string) error{"postgres": c.intoPostgres, "rabbitmq": c.intoBroker, "redis": c.intoRedis} {
		former := passwords(stolen, server)
		former[map[string]string{"postgres": "postgres", "rabbitmq": "fxcore", "redis": "fxcore"}[server]] = stolen[server]
		tried := 0
		for user, password := range former {
			present := now[server+"-"+user]
			if present == "" {
				present = now[server]
			}
			if c.refusesFormer(t, server, user, present, password, try) {
				tried++
			}
		}
		t.Logf("%s refuses the passwords before of %d users", server, tried)
		if tried < 5 {
			t.Errorf("%s: only %d users were tried", server, tried)
		}
	}
	c.trustsNoFormerKey(t, stolen, now)
	for what, cookie := range map[string]string{"in use": now[".erlang.cookie"], "before": stolen[".erlang.cookie"]} {
		if err := c.intoErlang(t, cookie); (err == nil) != (what == "in use") {
			t.Errorf("the cookie %s: %v", what, err)
		}
	}
}

// refusesFormer reports whether a server lets a user in by the password in use, and refuses the one before. A program that does not use the server has
// no password there.
func (c *core) refusesFormer(t *testing.T, server, user, present, former string, try func(context.Context, string, string) error) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tryBound)
	defer cancel()
	if err := try(ctx, user, present); err != nil {
		if !isRefused(err) {
			t.Errorf("%s lets %s in no more: %v", server, user, err)
		}
		return false
	}
	switch err := try(ctx, user, former); {
	case err == nil:
		t.Errorf("%s lets %s in by the password before", server, user)
	case !isRefused(err):
		t.Errorf("%s does not refuse %s, but: %v", server, user, err)
	default:
		return true
	}
	return false
}

// isRefused reports whether a server has said that the password is wrong.
func isRefused(err error) bool {
	var postgres *pgconn.PgError
	var broker *amqp091.Error
	const invalidPassword = "28P01"
	return errors.As(err, &postgres) && postgres.Code == invalidPassword ||
		errors.As(err, &broker) && broker.Code == amqp091.AccessRefused || err != nil && strings.Contains(err.Error(), "WRONGPASS")
}

// as returns the observer's URL of a server with another user and password.
func (c *core) as(server, user, password string) string {
	u, err := url.Parse(c.urls[server])
	if err != nil {
		return ""
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}

func (c *core) intoPostgres(ctx context.Context, role, password string) error {
	conn, err := pgx.Connect(ctx, c.as("postgres", role, password))
	if err == nil {
		_ = conn.Close(ctx)
	}
	return err
}

func (c *core) intoBroker(_ context.Context, user, password string) error {
	conn, err := amqp091.DialConfig(c.as("amqp", user, password), amqp091.Config{Dial: amqp091.DefaultDial(tryBound)})
	if err == nil {
		_ = conn.Close()
	}
	return err
}

func (c *core) intoRedis(ctx context.Context, user, password string) error {
	client, err := cache.Open(cache.Config{URL: c.as("redis", user, password), PoolSize: 1, DialTimeout: tryBound, Timeout: tryBound})
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	return client.Ping(ctx).Err()
}

// intoErlang asks the broker for its name as its command line does.
func (c *core) intoErlang(t *testing.T, cookie string) error {
	t.Helper()
	programs, err := filepath.Glob("/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmqctl")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no command line of the broker: %v", err)
	}
	record, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*tryBound)
	defer cancel()
	cmd := exec.CommandContext(ctx, programs[0], "--quiet", "--node", "fxcore@localhost", "eval", "node().") //nolint:gosec // Debian's
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=" + t.TempDir(), "RABBITMQ_ERLANG_COOKIE=" + cookie, fmt.Sprintf("ERL_EPMD_PORT=%d", record.Ports["epmd"])}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// trustsNoFormerKey looks at what each program has in its own files: whom it believes, and what it opens.
func (c *core) trustsNoFormerKey(t *testing.T, stolen, now map[string]string) {
	t.Helper()
	held := func(name string) []string {
		files, err := filepath.Glob(filepath.Join(c.Folder, "secrets", "*", name))
		if err != nil || len(files) == 0 {
			t.Fatalf("no program has %s: %v", name, err)
		}
		return files
	}
	for _, file := range held("AMQP_SIGNERS") {
		signers, err := amqp.ParseSigners(c.content(t, file))
		if err != nil {
			t.Fatal(err)
		}
		for program, keys := range signers {
			former, present := public(t, stolen["signing-"+program]), public(t, now["signing-"+program])
			if len(keys) != 1 || keys[0].ID() != present.ID() || former.ID() == present.ID() {
				t.Errorf("%s believes %v of %s, whose key is %s and was %s", file, keys, program, present, former)
			}
		}
	}
	for _, file := range held("STATIC_KEYS") {
		keys, err := mirror.ParseKeys(c.content(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if former := public(t, stolen["sets.key"]); len(keys) != 1 || keys[0].ID() != public(t, now["sets.key"]).ID() || keys[0].ID() == former.ID() {
			t.Errorf("%s believes %v, and the key was %s", file, keys, former)
		}
	}
	if keys := c.content(t, held("ACCESS_KEY")[0]); keys != now["access.key"] || keys == stolen["access.key"] {
		t.Error("auth opens what is sealed for the key before, or not what is sealed for its own")
	}
	for _, file := range held("AMQP_PROOF_KEYS") {
		program := filepath.Base(filepath.Dir(file))
		if keys := c.content(t, file); keys != now["proof-"+program] || keys == stolen["proof-"+program] {
			t.Errorf("%s takes proofs by the key before, or not by its own", program)
		}
	}
	for name := range now {
		if strings.HasSuffix(name, ".before") || strings.HasSuffix(name, ".next") {
			t.Errorf("%s is left", name)
		}
	}
	if same := unchangedSecrets(stolen, now); len(same) > 0 {
		t.Errorf("not replaced: %v", same)
	}
}

// unchangedSecrets are those that a rotation has left. People's and providers' own credentials are theirs to change. A token with which somebody
// is signed in ends by itself.
func unchangedSecrets(stolen, now map[string]string) (same []string) {
	for name, value := range stolen {
		if name != "users.json" && !strings.HasSuffix(name, ".token") && now[name] == value {
			same = append(same, name)
		}
	}
	slices.Sort(same)
	return same
}

func public(t *testing.T, key string) signing.PublicKey {
	t.Helper()
	k, err := signing.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return k.Public()
}
