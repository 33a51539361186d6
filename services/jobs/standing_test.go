package jobs_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/jobs"
)

// Each replica asks every second how the jobs stand. That must not cost more with the runs that are kept.
func TestHowTheJobsStandIsReadByAnIndex(t *testing.T) {
	pool := postgrestest.Schema(t, inbox.Migrations, jobs.Migrations)
	for _, statement := range []string{
		`insert into job_run (job, due, attempt, state) select 'often', timestamptz '2026-11-26' + n * interval '10 s', 0, 'finished' from generate_series(1, 8000) n`,
		`vacuum analyze`,
	} {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	query, err := os.ReadFile("queries/standing.sql")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := pool.Query(t.Context(), "explain "+string(query), []string{"often"})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if p := plan.String(); rows.Err() != nil || !strings.Contains(p, "job_run_ended") || strings.Contains(p, "Seq Scan") {
		t.Errorf("%v\n%s", rows.Err(), p)
	}
}

func TestARunThatWasTooShortToTellHasNoRate(t *testing.T) {
	for took, want := range map[time.Duration]float64{0: 0, time.Millisecond: 0, 2 * time.Second: 50} {
		if got := (jobs.Standing{Run: jobs.Run{Done: 100}, Took: took}).PerSecond(); got != want {
			t.Errorf("100 in %s: %v a second, want %v", took, got, want)
		}
	}
}
