package daily_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// Somebody who reads the table for long is not waited for: the call fails, others go on, and a later call does the work.
func TestALongReaderDelaysTheDaysAndNobodyElse(t *testing.T) {
	pool := table(t)
	reader, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(t.Context(), "select from kept"); err != nil {
		t.Fatal(err)
	}
	if err := kept.Tend(t.Context(), pool, noon); !is(err, "55P03") || !strings.Contains(err.Error(), "kept") {
		t.Errorf("error %v, want that the lock is not available", err)
	}
	write(t, pool, today, noon, "a") // without a wait for the reader
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	tend(t, pool, noon)
	if got := places(t, pool); got != "kept_20261120 1" {
		t.Error(got)
	}
}

// Replicas tend at once, day after day, while others write. No write fails, and each row is there until it is old.
func TestReplicasTendAtOnceWhileOthersWrite(t *testing.T) {
	pool := table(t)
	ctx, stop := context.WithCancel(t.Context())
	var written atomic.Int64
	var writers, replicas sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := event.NewID(today+event.Day(n%20), fmt.Sprint(w, " ", n))
				if _, err := pool.Exec(t.Context(), "insert into kept values ($1, $2)", id, noon.AddDate(0, 0, 30)); err != nil {
					t.Error(err)
					return
				}
				written.Add(1)
			}
		})
	}
	for range 3 {
		replicas.Go(func() {
			for day := range 20 {
				testkit.Eventually(t, "the locks", time.Minute, func() error { return kept.Tend(t.Context(), pool, noon.AddDate(0, 0, day)) })
			}
		})
	}
	replicas.Wait()
	stop()
	writers.Wait()
	tend(t, pool, noon.AddDate(0, 0, 19)) // whoever had the lock may have been a day behind
	var rows int64
	if err := pool.QueryRow(t.Context(), "select (select count(*) from kept) + (select count(*) from kept_before)").Scan(&rows); err != nil || rows != written.Load() {
		t.Errorf("%d rows, %v; written were %d", rows, err, written.Load())
	}
	if got := partitions(t, pool); got[len(got)-1] != "20261216" {
		t.Errorf("partitions %v", got)
	}
}

func TestRunTendsAtOnceByTheServersClock(t *testing.T) {
	pool := table(t)
	testkit.Background(t, func(ctx context.Context) error { return kept.Run(ctx, pool, testkit.Log(t)) })
	var want string
	if err := pool.QueryRow(t.Context(), "select to_char(now() at time zone 'UTC' + interval '7 days', 'YYYYMMDD')").Scan(&want); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "a week's partitions", time.Minute, func() error {
		if got := partitions(t, pool); len(got) == 0 || got[len(got)-1] < want {
			return fmt.Errorf("%v, want up to %s", got, want)
		}
		return nil
	})
}
