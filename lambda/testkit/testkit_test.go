package testkit_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/testkit"
)

func TestPostgresGivesEachTestItsOwnSchema(t *testing.T) {
	t.Parallel()
	first, second := testkit.Postgres(t), testkit.Postgres(t)
	if _, err := first.Exec(t.Context(), "create table mine (id int)"); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Exec(t.Context(), "select * from mine"); err == nil {
		t.Fatal("the second schema sees the first one's table")
	}
}

func TestPostgresSchemaGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var schema string
	t.Run("makes one", func(t *testing.T) {
		if err := testkit.Postgres(t).QueryRow(t.Context(), "select current_schema()").Scan(&schema); err != nil {
			t.Fatal(err)
		}
	})
	var exists bool
	row := testkit.Postgres(t).QueryRow(t.Context(), "select to_regnamespace($1) is not null", schema)
	if err := row.Scan(&exists); err != nil || exists {
		t.Fatalf("schema %s exists %t, error %v", schema, exists, err)
	}
}

func TestAMQPGivesAnEmptyVhostThatGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var vhost string
	t.Run("uses one", func(t *testing.T) {
		vhost = testkit.AMQP(t)
		conn, err := amqp.Dial(vhost)
		if err != nil {
			t.Fatal(err)
		}
		channel, err := conn.Channel()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := channel.QueueDeclare("q", true, false, false, false, amqp.Table{"x-queue-type": "quorum"}); err != nil {
			t.Fatal(err)
		}
	})
	conn, err := amqp.Dial(vhost)
	if err == nil {
		_ = conn.Close()
		t.Fatalf("vhost %s is still there", vhost)
	}
}

func TestRedisGivesEachTestItsOwnDatabase(t *testing.T) {
	t.Parallel()
	first, second := testkit.Redis(t), testkit.Redis(t)
	if err := first.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := second.Exists(t.Context(), "k").Val(); n != 0 {
		t.Fatal("the second database sees the first one's key")
	}
}

func TestEventuallyAsksUntilItHolds(t *testing.T) {
	t.Parallel()
	asked := 0
	testkit.Eventually(t, "the third answer", time.Minute, func() error {
		if asked++; asked < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	if asked != 3 {
		t.Fatalf("asked %d times", asked)
	}
}

func TestLogOutlivesItsTest(t *testing.T) {
	t.Parallel()
	logged := make(chan func(), 1)
	t.Run("ends first", func(t *testing.T) {
		log := testkit.Log(t)
		logged <- func() { log.InfoContext(context.Background(), "late") }
	})
	(<-logged)() // would panic if it reached the test that has ended
}

func TestPostgresURLNamesTheSchemaAlone(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(testkit.PostgresURL(t))
	if err != nil || u.Query().Get("search_path") == "" {
		t.Fatalf("%v, error %v", u, err)
	}
}
