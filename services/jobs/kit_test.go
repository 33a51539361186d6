package jobs_test

import (
	"errors"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/jobs/jobstest"
)

// noon is a Tuesday.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

var counted = contract.StatementRequested // what a part emits for each of its items

// items is the table that the job "count items" works on.
var items = fstest.MapFS{"00001_items.sql": &fstest.MapFile{Data: []byte(`-- +goose Up
create table item (id int primary key, times int not null default 0);`)}}

const perPart = 2

// count counts items, two in a part, each once.
type count struct {
	run    jobs.Run
	found  []int
	total  int
	broken error // what Do returns
	at     *time.Time
}

func counting(broken ...error) jobs.Job {
	return jobs.Job{Name: "count items", Rule: jobs.Every(time.Hour), Begin: func(r jobs.Run) jobs.Part {
		return &count{run: r, broken: errors.Join(broken...)}
	}}
}

func (c *count) Load(b *pgx.Batch) {
	after, _ := strconv.Atoi(c.run.Cursor)
	b.Queue("select id from item where id > $1 and times = 0 order by id limit $2 for update", after, perPart).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowTo[int])
		c.found = found
		return err
	})
	b.Queue("select count(*) from item").QueryRow(func(row pgx.Row) error { return row.Scan(&c.total) })
}

func (c *count) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	if c.at != nil {
		*c.at = now
	}
	p := jobs.Progress{Done: c.run.Done + len(c.found), Total: c.total, Last: len(c.found) < perPart}
	var emitted []event.Event
	for _, id := range c.found {
		p.Cursor = strconv.Itoa(id)
		next, err := e.Next(counted, map[string]int{"item": id}, p.Cursor)
		if err != nil {
			return p, nil, err
		}
		emitted = append(emitted, next)
	}
	return p, emitted, c.broken
}

func (c *count) Store(b *pgx.Batch) {
	b.Queue("update item set times = times + 1 where id = any ($1)", c.found)
}

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := postgrestest.Schema(t, inbox.Migrations, jobs.Migrations, items)
	fill(t, pool)
	return pool
}

// fill adds five items: three parts.
func fill(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	execute(t, pool, "insert into item (id) select generate_series(1, 5)")
}

func execute(t *testing.T, pool *pgxpool.Pool, statement string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// service is one replica: its queue's handler and its schedule, with a clock that the test moves.
type service struct {
	amqp.Handler
	*jobs.Schedule
	jobstest.Published
	now time.Time
}

func replica(t *testing.T, pool *pgxpool.Pool, list ...jobs.Job) *service {
	t.Helper()
	s := &service{now: noon}
	set, clock := jobs.New("test", list...), func() time.Time { return s.now }
	s.Handler = set.Steps(clock).Handler(pool, "test/1", testkit.Log(t))
	s.Schedule = &jobs.Schedule{Set: set, Pool: pool, Publisher: &s.Published, Clock: clock, Source: "test/1", Log: testkit.Log(t)}
	return s
}

// tick lets the schedule look at a time, and returns what it publishes.
func (s *service) tick(t *testing.T, now time.Time) []event.Event {
	t.Helper()
	s.now = now
	if err := s.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	return s.Take()
}

// handle handles one event and returns what it leads to.
func (s *service) handle(t *testing.T, e event.Event) []event.Event {
	t.Helper()
	result := s.Handle(t.Context(), []event.Event{e})[0]
	if result.Err != nil {
		t.Fatal(result.Err)
	}
	return result.Emit
}

// finish does all parts of a run, and returns its last event.
func (s *service) finish(t *testing.T, e event.Event) (last event.Event) {
	t.Helper()
	for e.Type == contract.JobDue {
		emitted := s.handle(t, e)
		if len(emitted) == 0 {
			return last
		}
		e = emitted[len(emitted)-1]
	}
	return e
}

func (s *service) command(t *testing.T, serial string, c jobs.Command) []event.Event {
	t.Helper()
	e, err := event.New(contract.JobCommanded, event.NewID(testkit.Day, serial), contract.Operations, serial, c)
	if err != nil {
		t.Fatal(err)
	}
	return s.handle(t, e)
}

func read[T any](t *testing.T, e event.Event) (data T) {
	t.Helper()
	if err := e.Read(&data); err != nil {
		t.Fatal(err)
	}
	return data
}
