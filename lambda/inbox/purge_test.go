package inbox_test

import (
	"testing"
	"time"

	"fxcore/lambda/inbox"
)

func TestPurgeTakesAllThatIsOldAndNothingElse(t *testing.T) {
	db := ledger(t)
	_, err := db.Exec(t.Context(), `insert into inbox (id, at)
		select gen_random_uuid(), now() - case when n <= 12000 then interval '8 days' else interval '6 days' end
		from generate_series(1, 12010) n`)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := inbox.PurgeOld(t.Context(), db, 7*24*time.Hour)
	if err != nil || rows != 12_000 {
		t.Errorf("deleted %d rows (%v), want the 12000 old ones", rows, err)
	}
	var left int
	if err := db.QueryRow(t.Context(), `select count(*) from inbox`).Scan(&left); err != nil || left != 10 {
		t.Errorf("%d rows are left (%v), want 10", left, err)
	}
}
