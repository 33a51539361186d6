package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/trust"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// redisSettings keeps the data across restarts. A crash loses at most a second, which is acceptable for a copy of the
// mainframe's data.
const redisSettings = `# Written at every start; changes here are lost.
bind 127.0.0.1
port 0
tls-port %d
tls-cert-file %[3]s
tls-key-file %[3]s
tls-ca-cert-file %[4]s
tls-auth-clients no
tls-protocols TLSv1.3
dir %[2]s
appendonly yes
appendfsync everysec
save ""
maxmemory 512mb
maxmemory-policy noeviction
user default off
`

// RedisAdmin is the user who may do everything. No program of ours has its password.
const RedisAdmin = "fxcore"

// RedisURL returns the URL with which a user connects.
func RedisURL(b ports.Block, user, password string) string {
	return fmt.Sprintf("rediss://%s:%s@%s:%d/0", user, password, host, b.Redis())
}

// RedisUser is a program that uses Redis. It reads the description of all sets and the records of its own.
type RedisUser struct {
	Name  string
	Sets  []string
	Fills bool // it also writes all sets
}

// What a connection needs, what a reader needs, and what the script needs that fills a set (services/datasync/internal/store).
const (
	redisConnects = "-@all +ping +hello +select +client|setname"
	redisReads    = "+hget +hgetall"
	redisFills    = "+hlen +hset +hdel +sadd +scard +pexpire +persist +del +set +eval +evalsha"
)

// line returns the user's line in Redis's settings (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/).
func (u RedisUser) line(hashes string) string {
	keys, commands := "%R~static:meta", redisReads
	for _, set := range u.Sets {
		keys += " %R~static:" + set + ":*"
	}
	if u.Fills {
		keys, commands = "~static:*", redisReads+" "+redisFills
	}
	return fmt.Sprintf("user %s on %s resetchannels %s %s %s\n", u.Name, hashes, keys, redisConnects, commands)
}

// observerLine is the line of the observer: it lists and reads all sets.
func observerLine(hashes string) string {
	return fmt.Sprintf("user %s on %s resetchannels %%R~static:* %s %s +hkeys\n", Observer, hashes, redisConnects, redisReads)
}

// Redis returns the cache server with its users.
func Redis(s Setting, users []RedisUser) (Server, error) {
	program, err := newest("Redis", "/usr/bin/redis-server")
	if err != nil {
		return Server{}, err
	}
	account, err := process.ServerAccount("redis", string(s.Folder))
	if err != nil {
		return Server{}, err
	}
	if _, err := Authority(s.Folder); err != nil {
		return Server{}, err
	}
	data := s.Folder.Data("redis")
	settings := filepath.Join(data, "redis.conf")
	own := certificate{s, data, local("redis"), account}
	prepare := func(context.Context) error {
		if err := account.Own(data); err != nil {
			return err
		}
		if _, err := own.write(false); err != nil {
			return err
		}
		hashes, err := redisHashes(s.Folder, RedisSecret(RedisAdmin))
		if err != nil {
			return err
		}
		content := fmt.Sprintf(redisSettings, s.Ports.Redis(), data, own.path(), filepath.Join(data, caName)) +
			fmt.Sprintf("user %s on %s ~* &* +@all\n", RedisAdmin, hashes)
		if len(users) > 0 { // tests have none
			if hashes, err = redisHashes(s.Folder, RedisSecret(Observer)); err != nil {
				return err
			}
			content += observerLine(hashes)
		}
		for _, u := range users {
			if hashes, err = redisHashes(s.Folder, RedisSecret(u.Name)); err != nil {
				return err
			}
			content += u.line(hashes)
		}
		if err := os.WriteFile(settings, []byte(content), 0o600); err != nil {
			return fmt.Errorf("write settings of Redis: %w", err)
		}
		return account.Own(data)
	}
	return Server{Prepare: prepare, Provision: nothing, Renew: own.renewRedis, Spec: process.Spec{
		Name: "redis", Path: program, Args: []string{settings}, Dir: "/", Env: environment(data), Log: s.Folder.Log("redis"),
		Account: account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace,
		Ready: func(ctx context.Context) error {
			return withEither(s.Folder, RedisSecret(RedisAdmin), func(password string) error { return pingRedis(ctx, s, password) })
		},
	}}, nil
}

// pingRedis sends AUTH and PING as inline commands, so that it needs no client library.
func pingRedis(ctx context.Context, s Setting, password string) error {
	known, err := trust.Open(trust.Config{CAFile: s.CAFile()})
	if err != nil {
		return fmt.Errorf("connect to Redis: %w", err)
	}
	c, err := (&tls.Dialer{Config: known.Dialing(host)}).DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(s.Ports.Redis())))
	if err != nil {
		return fmt.Errorf("connect to Redis: %w", err)
	}
	defer func() { _ = c.Close() }()
	if deadline, bounded := ctx.Deadline(); bounded {
		_ = c.SetDeadline(deadline)
	} else {
		_ = c.SetDeadline(time.Now().Add(time.Second))
	}
	if _, err := fmt.Fprintf(c, "AUTH %s %s\r\nPING\r\nQUIT\r\n", RedisAdmin, password); err != nil {
		return fmt.Errorf("ping Redis: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(c, 1024))
	if err != nil {
		return fmt.Errorf("ping Redis: %w", err)
	}
	if !strings.Contains(string(answer), "+PONG") {
		return fmt.Errorf("ping Redis: it answered %q", answer)
	}
	return nil
}

// renewRedis has Redis read its certificate again, by setting it anew.
func (c certificate) renewRedis(ctx context.Context, _ func(syscall.Signal) error, anew bool) error {
	return c.renewal(func(ctx context.Context) error {
		return asRedisAdmin(ctx, c.setting, func(client *redis.Client) error {
			if err := client.ConfigSet(ctx, "tls-cert-file", c.path()).Err(); err != nil {
				return fmt.Errorf("have Redis read its certificate: %w", err)
			}
			return nil
		})
	})(ctx, anew)
}
