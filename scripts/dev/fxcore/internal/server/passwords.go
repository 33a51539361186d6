package server

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/internal/broker"
)

// Superuser is PostgreSQL's administrator. No program of ours has its password.
const Superuser = "postgres"

// PostgresSecret names the secret of a role in PostgreSQL.
func PostgresSecret(role string) string {
	if role == Superuser {
		return role
	}
	return "postgres-" + role
}

// superuser connects to a database as the superuser. While the password is being changed, the server may not have the new one yet.
func superuser(ctx context.Context, s Setting, database string) (conn *pgx.Conn, err error) {
	err = withEither(s.Folder, Superuser, func(password string) error {
		conn, err = pgx.Connect(ctx, s.Trusting(PostgresURL(s.Ports, Superuser, password, database)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return conn, nil
}

// withEither tries with a secret that is in use and, where there is one, with the one before.
func withEither(f folder.Folder, name string, try func(password string) error) error {
	password, err := f.Secret(name)
	if err != nil {
		return err
	}
	err = try(password)
	if err == nil {
		return nil
	}
	former, known := f.Before(name)
	if known != nil || former == "" {
		return errors.Join(err, known)
	}
	if second := try(former); second != nil {
		return errors.Join(err, second)
	}
	return nil
}

// ChangePostgresPassword gives a role the password that the folder has for it. Its connections stay open.
func ChangePostgresPassword(ctx context.Context, s Setting, role string) error {
	password, err := s.Folder.Secret(PostgresSecret(role))
	if err != nil {
		return err
	}
	conn, err := superuser(ctx, s, Superuser)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, statement := range []string{
		"SET log_min_duration_statement = -1", "SET log_min_error_statement = panic", // no log shows the password
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", role, password), // needs no quoting, see loginStatements
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("change the password of %s: %w", role, withoutStatement(err))
		}
	}
	return nil
}

// withoutStatement returns only what the server says of an error, which has no password.
func withoutStatement(err error) error {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		return errors.New(said.Message)
	}
	return err
}

// ChangeBrokerPasswords gives each user at the broker the password that the folder has for it, now and for the next start. Their connections
// stay open.
func ChangeBrokerPasswords(ctx context.Context, s Setting) error {
	r, err := rabbitOf(s)
	if err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	all, err := r.described(ctx)
	if err != nil {
		return err
	}
	users, err := json.Marshal(map[string]any{"users": all.Users})
	if err != nil {
		return fmt.Errorf("encode the users of RabbitMQ: %w", err)
	}
	return r.control(ctx, "import_definitions", users)
}

// ChangeCookie replaces the broker's Erlang cookie, by which its nodes and its command line come in.
func ChangeCookie(ctx context.Context, s Setting) error {
	r, err := rabbitOf(s)
	if err != nil {
		return err
	}
	cookie := folder.Draw()
	expression := fmt.Sprintf("erlang:set_cookie(list_to_atom(%q)).\n", cookie)
	if err := r.control(ctx, "eval_file", []byte(expression)); err != nil {
		return err
	}
	file := process.File{Path: filepath.Join(r.data, ".erlang.cookie"), Content: func() ([]byte, error) { return []byte(cookie), nil }}
	return process.WriteFiles([]process.File{file}, r.account)
}

// controlBound bounds a command line of the broker, which starts an Erlang machine.
const controlBound = 2 * time.Minute

// control runs a command of the broker's command line. What it is given is in a file that only the broker's user can read, and that is removed:
// arguments are seen by everybody.
func (r rabbit) control(ctx context.Context, command string, given []byte) error {
	ctx, cancel := context.WithTimeout(ctx, controlBound)
	defer cancel()
	file := process.File{Path: filepath.Join(r.data, command+".given"), Content: func() ([]byte, error) { return given, nil }}
	defer func() { _ = os.Remove(file.Path) }()
	spec := r.broker()
	spec.Name, spec.Path = "rabbitmqctl", filepath.Join(filepath.Dir(r.program), "rabbitmqctl")
	spec.Args, spec.Files = []string{"--quiet", "--node", nodeName, command, file.Path}, []process.File{file}
	spec.Log = r.setting.Folder.Log("rabbitmqctl")
	spec.Env = append(environment(r.data), fmt.Sprintf("ERL_EPMD_PORT=%d", r.setting.Ports.EPMD()), "RABBITMQ_CONF_ENV_FILE="+filepath.Join(r.data, "none"))
	if err := process.Once(ctx, spec); err != nil {
		return fmt.Errorf("have RabbitMQ %s: %w", command, err)
	}
	return nil
}

// redisHashes returns what Redis knows of the passwords of a secret that are trusted.
func redisHashes(f folder.Folder, secret string) (string, error) {
	if _, err := f.Secret(secret); err != nil {
		return "", err
	}
	values, err := f.Values(secret)
	if err != nil {
		return "", err
	}
	var hashes []string
	for _, password := range values {
		hashes = append(hashes, fmt.Sprintf("#%x", sha256.Sum256([]byte(password))))
	}
	return strings.Join(hashes, " "), nil
}

// RedisSecret names the secret of a user in Redis.
func RedisSecret(user string) string {
	if user == RedisAdmin {
		return "redis"
	}
	return "redis-" + user
}

// ChangeRedisPasswords lets each user in by the passwords that the folder has for it, the one in use and the one before, now and after the next start. Their
// connections stay open.
func ChangeRedisPasswords(ctx context.Context, s Setting, users []RedisUser) error {
	server, err := Redis(s, users)
	if err != nil {
		return err
	}
	if err := server.Prepare(ctx); err != nil {
		return err
	}
	return asRedisAdmin(ctx, s, func(client *redis.Client) error {
		names := []string{RedisAdmin, Observer}
		for _, u := range users {
			names = append(names, u.Name)
		}
		for _, name := range names {
			hashes, err := redisHashes(s.Folder, RedisSecret(name))
			if err != nil {
				return err
			}
			command := []any{"ACL", "SETUSER", name, "resetpass"}
			for hash := range strings.FieldsSeq(hashes) {
				command = append(command, hash)
			}
			if err := client.Do(ctx, command...).Err(); err != nil {
				return fmt.Errorf("change the password of %s in Redis: %w", name, err)
			}
		}
		return nil
	})
}

const redisBound = 10 * time.Second

// asRedisAdmin calls use with a connection of the administrator.
func asRedisAdmin(ctx context.Context, s Setting, use func(*redis.Client) error) error {
	var client *redis.Client
	err := withEither(s.Folder, RedisSecret(RedisAdmin), func(password string) (err error) {
		client, err = cache.Open(cache.Config{URL: RedisURL(s.Ports, RedisAdmin, password), CAFile: s.CAFile(), PoolSize: 1, DialTimeout: redisBound, Timeout: redisBound})
		if err != nil {
			return err
		}
		if err = client.Ping(ctx).Err(); err != nil {
			_ = client.Close()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("connect to Redis: %w", err)
	}
	defer func() { _ = client.Close() }()
	return use(client)
}

// ReloadSets has datasync load all sets anew: what describes them is removed. Readers keep what they have meanwhile. It returns once each of the
// sets is there again, in a version that has been written since.
func ReloadSets(ctx context.Context, s Setting, sets []string) error {
	return asRedisAdmin(ctx, s, func(client *redis.Client) error {
		asked := make([]string, 0, len(sets))
		for _, set := range sets {
			asked = append(asked, "static:asked:"+set) // so that nobody waits until it may be asked for again
		}
		if err := client.Del(ctx, append(asked, "static:meta")...).Err(); err != nil {
			return fmt.Errorf("have sets loaded anew: %w", err)
		}
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			there, err := client.HLen(ctx, "static:meta").Result()
			if err == nil && there >= int64(len(sets)) {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait for sets that are loaded anew, %d of %d are: %w", there, len(sets), errors.Join(err, ctx.Err()))
			case <-tick.C:
			}
		}
	})
}

// described returns the definitions of the broker, with the users' passwords.
func (r rabbit) described(ctx context.Context) (broker.Definitions, error) {
	password, err := r.setting.Folder.Secret(BrokerSecret(rabbitUser))
	if err != nil {
		return broker.Definitions{}, err
	}
	if r.setting.Declared == nil {
		return broker.Of(vhost, nil, nil).WithPasswords(vhost, nil, broker.Administrator(rabbitUser, password, "administrator", "impersonator")), nil
	}
	topologies, providers, err := r.setting.Declared(ctx)
	if err != nil {
		return broker.Definitions{}, err
	}
	observer, err := r.setting.Folder.Secret(BrokerSecret(Observer))
	if err != nil {
		return broker.Definitions{}, err
	}
	passwords := map[string]string{}
	for _, t := range topologies {
		if passwords[t.Service], err = r.setting.Folder.Secret(BrokerSecret(t.Service)); err != nil {
			return broker.Definitions{}, err
		}
	}
	return broker.Of(vhost, topologies, providers).WithPasswords(vhost, passwords,
		broker.Administrator(rabbitUser, password, "administrator"), broker.Observer(Observer, observer)), nil
}
