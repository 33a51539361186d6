package daily_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"fxcore/lambda/event"
)

const many = 2_000 // rows of one day: more than are moved under the lock

// A rest that would take long to read under the lock is set aside. Its rows still refuse their ids, and go once they are old.
func TestALargeRestIsSetAsideAndStillRefusesItsIDs(t *testing.T) {
	pool := table(t)
	first := write(t, pool, today, noon, "0")
	for i := 1; i < many; i++ {
		write(t, pool, today, noon, string(rune('A'+i)))
	}
	fill(t, pool, 10, noon)
	tend(t, pool, noon)
	if got := places(t, pool); got != "kept_before_aside 2010" {
		t.Fatal(got)
	}
	if len(partitions(t, pool)) != 11 {
		t.Errorf("partitions %v", partitions(t, pool))
	}
	if _, err := pool.Exec(t.Context(), "insert into kept values ($1, $2)", first, noon); !is(err, "23505") {
		t.Errorf("the same id again: %v", err)
	}
	write(t, pool, today, noon, "another")

	tend(t, pool, noon.Add(keep))
	if got := places(t, pool); got != "kept_20261120 1, kept_before_aside 2010" {
		t.Error(got)
	}
	tend(t, pool, noon.Add(keep+time.Second))
	if got := places(t, pool); got != "kept_20261120 1" || triggers(t, pool) != 0 {
		t.Errorf("%s, %d triggers", got, triggers(t, pool))
	}
	execute(t, pool, "insert into kept values ($1, $2)", first, noon)
}

func TestTheRestCanBeSetAsideAgain(t *testing.T) {
	pool := table(t)
	for day := range event.Day(3) {
		now := noon.AddDate(0, 0, int(day))
		execute(t, pool, `insert into kept select (substr($1, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, $2 from generate_series(1, 2000) n`,
			(today + day + 7).FirstID(), now)
		tend(t, pool, now)
	}
	if got := places(t, pool); got != "kept_before_aside 6000" || triggers(t, pool) != 1 {
		t.Errorf("%s, %d triggers", got, triggers(t, pool))
	}
	tend(t, pool, noon.AddDate(0, 0, 3).Add(keep))
	if got := places(t, pool); got != "" || triggers(t, pool) != 0 {
		t.Errorf("%s, %d triggers", got, triggers(t, pool))
	}
}

func TestWhatWasThereBeforeTheDaysIsEmptiedOnceAllOfItIsOld(t *testing.T) {
	pool := table(t)
	execute(t, pool, "insert into kept_before select gen_random_uuid(), $1 from generate_series(1, 100)", noon)
	execute(t, pool, "insert into kept_before values (gen_random_uuid(), $1)", noon.Add(time.Hour))
	execute(t, pool, "create trigger kept_before before insert on kept for each row execute function kept_before()")
	tend(t, pool, noon.Add(keep+time.Minute))
	if got := places(t, pool); got != "kept_before 101" || triggers(t, pool) != 1 {
		t.Errorf("%s, %d triggers", got, triggers(t, pool))
	}
	tend(t, pool, noon.Add(keep+2*time.Hour))
	if got := places(t, pool); got != "" || triggers(t, pool) != 0 {
		t.Errorf("%s, %d triggers", got, triggers(t, pool))
	}
}

func is(err error, code string) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == code
}
