//go:build e2e

package attack

import (
	"fmt"
	"strings"
	"testing"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

// Somebody has the passwords of the observer, with which make status, the oracle and the tests look. They read, and change nothing.
func TestTheObserverChangesNothing(t *testing.T) {
	c := theCore(t)
	t.Run("broker", func(t *testing.T) {
		on := c.observer("AMQP_URL", "amqp").line(t)
		for what, attempt := range map[string]func(*amqp091.Channel) error{
			"publishes a trade": publish(contract.TradeExchange, "trade.registered.test1", "observer"), "publishes a log line": publish(amqp.LogQueue, "", "observer"),
			"publishes to a queue": publish("", "trading", "observer"), "replays": publish(amqp.ReplayExchange, "trading", "observer"),
			"reads trading's queue": read("trading"), "reads the journal's stream": read("tracing.journal"),
			"empties the error queue": func(ch *amqp091.Channel) error {
				_, err := ch.QueueDelete(amqp.ErrorQueue, false, false, false)
				return err
			},
			"declares a queue": func(ch *amqp091.Channel) error {
				_, err := ch.QueueDeclare("attack", false, true, false, false, nil)
				return err
			},
			"binds a queue": func(ch *amqp091.Channel) error {
				return ch.QueueBind(amqp.ErrorQueue, "#", contract.TradeExchange, false, nil)
			},
		} {
			if !on.try(t, attempt) {
				t.Errorf("the observer %s", what)
			}
		}
		if on.try(t, read(amqp.ErrorQueue)) {
			t.Error("the observer does not see what has failed")
		}
	})
	t.Run("database", func(t *testing.T) {
		conn := c.database(t)
		if _, err := conn.Exec(t.Context(), "set default_transaction_read_only = off"); err != nil { // which does not help
			t.Fatal(err)
		}
		for _, one := range tables(t, conn) {
			if can := rights(t, conn, one); can != "select" {
				t.Errorf("%s: the observer may %s", one, can)
			}
		}
		for _, statement := range []string{
			"update trading.trade set status = status where false", "create table mine (id int)", "create schema mine", "set role postgres",
			"create function mine() returns int language sql as 'select 1'", "copy (select 1) to program 'true'", "select pg_read_file('/etc/passwd')", "select passwd from pg_shadow",
			"select api.forget_facts('original', '400 days', 1)", "select trading.daily_add('inbox', 20777)", "select failover.forget_facts('history', '100 days', 1)",
		} {
			if can, err := may(t.Context(), conn, statement); err != nil || can {
				t.Errorf("the observer may %s, %v", statement, err)
			}
		}
	})
	t.Run("cache", func(t *testing.T) {
		r := c.observer("REDIS_URL", "redis").redis(t)
		for _, command := range []string{"HSET static:meta lines {}", "DEL static:meta", "SET static:x 1", "PEXPIRE static:meta 1", "FLUSHALL", "KEYS *", "CONFIG GET *", "ACL LIST", "EVAL x 0", "PUBLISH x x"} {
			var words []any
			for word := range strings.FieldsSeq(command) {
				words = append(words, word)
			}
			if err := r.Do(t.Context(), words...).Err(); err == nil || !strings.Contains(err.Error(), "NOPERM") {
				t.Errorf("the observer tries %s: %s", command, fmt.Sprint(err))
			}
		}
	})
}
