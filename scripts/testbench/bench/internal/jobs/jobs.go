// Package jobs measures settlement's jobs of one day: it runs the bank's clock ahead to the day on which many legs are due, and
// reads from the tables how long each job took.
package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/bankday"
)

// Day is a core whose days are run. Only one goroutine may use it.
type Day struct {
	*bankday.Bank
	conn   *pgx.Conn
	client *apiclient.Client
}

// Place says where a core is.
type Place struct {
	Control  string // URL of the mainframe's simulator
	Postgres string
	API      string // URL
	Folder   string
}

// Open connects to a core.
func Open(ctx context.Context, at Place, say func(string)) (*Day, error) {
	client, err := apiclient.Open(at.API, at.Folder, bankday.Operator)
	if err != nil {
		return nil, err
	}
	bank, err := bankday.Open(ctx, at.Control, at.Postgres, say)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, at.Postgres)
	if err != nil {
		_ = bank.Close(ctx)
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return &Day{bank, conn, client}, nil
}

// Close ends the connections.
func (d *Day) Close(ctx context.Context) {
	_ = d.conn.Close(ctx)
	_ = d.Bank.Close(ctx)
	d.client.Close()
}

// End ends the business day and begins the next one, by the core's HTTP interface.
func (d *Day) End(ctx context.Context) error { return d.Command(ctx, d.client, "make bench-jobs") }

// Due returns the date on which most open legs are due, and how many.
func (d *Day) Due(ctx context.Context) (date string, legs int, err error) {
	err = d.conn.QueryRow(ctx, `select value_date::text, count(*) from settlement.obligation where state = 'open'
		group by value_date order by count(*) desc, value_date limit 1`).Scan(&date, &legs)
	if err != nil {
		err = fmt.Errorf("count what is due: %w", err)
	}
	return date, legs, err
}

// Executed says how far the legs of a date are.
type Executed struct {
	Open, Instructed, Settled, Failed int
}

// Left returns the legs that are not at their end.
func (e Executed) Left() int { return e.Open + e.Instructed }

// Ended tells whether no leg of a value date is left to be executed: none is open, and the mainframe owes no answer. Unlike a count of the legs,
// which takes the longer the more there are, it may be asked often beside the execution that it waits for: two looks into indexes.
func (d *Day) Ended(ctx context.Context, date string) (ended bool, err error) {
	err = d.conn.QueryRow(ctx, `select not exists (select from settlement.movement where state = 'requested' and value_date = $1::date)
		and not exists (select from settlement.obligation where state = 'open' and value_date = $1::date)`, date).Scan(&ended)
	if err != nil {
		err = fmt.Errorf("look for legs that are left: %w", err)
	}
	return ended, err
}

// Executed counts the legs of a value date.
func (d *Day) Executed(ctx context.Context, date string) (e Executed, err error) {
	err = d.conn.QueryRow(ctx, `select count(*) filter (where state = 'open'), count(*) filter (where state = 'instructed'),
		count(*) filter (where state = 'settled'), count(*) filter (where state = 'failed')
		from settlement.obligation where value_date = $1::date`, date).Scan(&e.Open, &e.Instructed, &e.Settled, &e.Failed)
	if err != nil {
		err = fmt.Errorf("count legs: %w", err)
	}
	return e, err
}

// Ran is a run of a job: how much it did and how long it took, by the server's clock.
type Ran struct {
	Done  int
	Took  time.Duration
	Began time.Time
}

// Run returns the runs of a job of settlement since a due time, added up: a job that made up for missed due times has several.
func (d *Day) Run(ctx context.Context, job string, since time.Time) (r Ran, err error) {
	var took float64
	var began *time.Time
	err = d.conn.QueryRow(ctx, `select coalesce(sum(done), 0), coalesce(sum(extract(epoch from moved_at - begun_at)), 0), min(begun_at)
		from settlement.job_run where job = $1 and due >= $2 and state = 'finished'`, job, since).Scan(&r.Done, &took, &began)
	if err != nil {
		return r, fmt.Errorf("read the runs of %s: %w", job, err)
	}
	if began != nil {
		r.Began = *began
	}
	r.Took = time.Duration(took * float64(time.Second))
	return r, nil
}

// Compared returns how many movements of a day were compared with the mainframe's statement, and whether all were.
func (d *Day) Compared(ctx context.Context, day string) (movements, differences int, finished bool, err error) {
	err = d.conn.QueryRow(ctx, `select coalesce(sum(compared), 0), coalesce(sum(differences), 0), coalesce(bool_and(finished), false)
		from settlement.reconciliation where day = $1::date`, day).Scan(&movements, &differences, &finished)
	if err != nil {
		err = fmt.Errorf("read the reconciliation: %w", err)
	}
	return movements, differences, finished, err
}

// Count returns a number that a query finds.
func (d *Day) Count(ctx context.Context, query string, values ...any) (n int, err error) {
	if err = d.conn.QueryRow(ctx, query, values...).Scan(&n); err != nil {
		err = fmt.Errorf("count: %w", err)
	}
	return n, err
}

// Await looks again and again until done, or ctx ends.
func Await(ctx context.Context, done func(context.Context) (bool, error)) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		ended, err := done(ctx)
		if err != nil || ended {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

const lookEvery = 250 * time.Millisecond
