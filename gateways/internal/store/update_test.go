package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

// An instance of this version does not answer an event again that was answered before the update. An instance of the version
// before does not either, if the answer was given just before.
func TestWhatWasAnsweredBeforeTheUpdateIsKnown(t *testing.T) {
	pool := postgrestest.Schema(t, postgrestest.Before(t, store.Migrations, "00004_days.sql"))
	now, earlierOn := event.NewID(testkit.Day, "just now"), event.NewID(testkit.Day, "an hour ago")
	if _, err := pool.Exec(t.Context(), "insert into inbox values ($1, now()), ($2, now() - interval '1 hour')", now, earlierOn); err != nil {
		t.Fatal(err)
	}
	postgrestest.Update(t, pool, store.Migrations)
	s, _ := open(t, pool)
	answered, err := s.Kept.Answered(t.Context(), []string{now, earlierOn, event.NewID(testkit.Day, "never")})
	if diff := cmp.Diff(map[string]bool{now: true, earlierOn: true}, answered); diff != "" || err != nil {
		t.Error(diff, err)
	}
	var asBefore string
	if err := pool.QueryRow(t.Context(), "select id::text from inbox where id = any($1::uuid[])", []string{now, earlierOn}).Scan(&asBefore); err != nil || asBefore != now {
		t.Errorf("an instance of the version before finds %q, %v", asBefore, err)
	}
	_, err = pool.Exec(t.Context(), "delete from inbox where ctid = any(array(select ctid from inbox limit $1))", 2_000)
	if err == nil { // it would take rows of other partitions that lie in the same place
		t.Error("the purge of the version before was not refused")
	}
}
