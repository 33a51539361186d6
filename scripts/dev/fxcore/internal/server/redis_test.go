package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"fxcore/lambda/cache"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// Somebody who has a reader's password wrote credit lines once. Now the password reads what the reader reads, and that is all.
func TestAReaderOfRedisReadsItsSetsAndNothingElse(t *testing.T) {
	s := newSetting(t)
	store, err := server.Redis(s, []server.RedisUser{{Name: "desk", Sets: []string{"desks", "clock"}}, {Name: "filler", Sets: []string{"clock"}, Fills: true}})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	supervise(t, store.Spec)
	login := func(user, password string) *redis.Client {
		options, err := cache.Options(server.RedisURL(s.Ports, user, password), s.CAFile())
		if err != nil {
			t.Fatal(err)
		}
		options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
		options.DialTimeout, options.ReadTimeout, options.ClientName = time.Minute, time.Minute, "test"
		c := redis.NewClient(options)
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	user := func(name, secret string) *redis.Client {
		password, err := s.Folder.Secret(secret)
		if err != nil {
			t.Fatal(err)
		}
		return login(name, password)
	}
	reader, filler, admin := user("desk", "redis-desk"), user("filler", "redis-filler"), user(server.RedisAdmin, "redis")
	do := func(c *redis.Client, command string) error {
		var words []any
		for word := range strings.FieldsSeq(command) {
			words = append(words, word)
		}
		err := c.Do(t.Context(), words...).Err()
		if err == redis.Nil { //nolint:errorlint // the library returns it bare: there is no such key
			return nil
		}
		return err
	}
	for _, command := range []string{"PING", "HGET static:meta desks", "HGETALL static:desks:1", "HGETALL static:clock:1"} {
		if err := do(reader, command); err != nil {
			t.Errorf("a reader cannot %s: %v", command, err)
		}
	}
	filling := []string{
		"HSET static:meta lines {}", "HSET static:lines:9000000000000000 id {}", "DEL static:meta", "SET static:asked:lines x NX PX 1000",
		"EVAL return{redis.call('HSET',KEYS[1],'a','b'),redis.call('HLEN',KEYS[1])} 1 static:desks:2", "PEXPIRE static:desks:2 1000",
	}
	for _, command := range filling {
		if err := do(filler, command); err != nil {
			t.Errorf("the filler cannot %s: %v", command, err)
		}
	}
	refused := func(err error) bool { // DEBUG is refused to everybody, before the user's rights are looked at
		return err != nil && (strings.Contains(err.Error(), "NOPERM") || strings.Contains(err.Error(), "DEBUG command not allowed"))
	}
	never := []string{
		"FLUSHALL", "FLUSHDB", "KEYS *", "SCAN 0", "CONFIG GET *", "ACL LIST", "ACL SETUSER desk on", "SHUTDOWN NOSAVE", "DEBUG SLEEP 0", "SCRIPT FLUSH", "MONITOR",
		"PUBLISH a b", "SUBSCRIBE a", "REPLICAOF 127.0.0.1 1", "CLIENT LIST", "CLIENT KILL ID 1", "SAVE", "MODULE LIST", "FUNCTION LIST", "INFO", "SET elsewhere x",
	}
	for _, command := range append(append(never, filling...), "HGETALL static:lines:1", "HGETALL static:clients:1", "RENAME static:desks:1 static:desks:2", "EVAL return{1} 0") {
		if err := do(reader, command); !refused(err) {
			t.Errorf("a reader tries %s: %v", command, err)
		}
	}
	for _, command := range never {
		if err := do(filler, command); !refused(err) {
			t.Errorf("the filler tries %s: %v", command, err)
		}
	}
	for name, c := range map[string]*redis.Client{"nobody": login("default", ""), "a guess": login("desk", "guessed")} {
		if err := c.Ping(t.Context()).Err(); err == nil {
			t.Errorf("%s gets in", name)
		}
	}
	if err := do(admin, "INFO"); err != nil {
		t.Errorf("the administrator: %v", err)
	}
}
