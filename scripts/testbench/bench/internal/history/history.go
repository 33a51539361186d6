// Package history gives the core a past: it fills the tables that grow with every message, as if the core had handled messages
// for as long as it keeps them.
package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"fxcore/lambda/event"
	"fxcore/scripts/internal/programs"
)

const atOnce = 2 // tables that are filled at the same time

// Rows says how many rows are added to each table, and to the tables of which programs.
type Rows struct {
	Number int
	Of     []string // roles such as trading; empty means all
}

// Fill adds rows to each of the tables, spread over the days that the core keeps and one day more. The rows of that oldest
// day become too old within expiry after Fill has returned, so that the core purges them during the run. The URL is that of
// a role that may write to all schemas and ask for a checkpoint.
func Fill(ctx context.Context, url string, rows Rows, expiry time.Duration) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return fmt.Errorf("fill history: %w", err)
	}
	defer pool.Close()
	asked, err := rows.tables()
	if err != nil {
		return err
	}
	f := filler{pool: pool, rows: rows.Number, today: event.DayOf(time.Now()), expiry: expiry}
	list, err := f.there(ctx, asked)
	if err != nil {
		return fmt.Errorf("fill history: %w", err)
	}
	for _, fill := range []func(context.Context, table) error{f.kept, f.oldest} {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, t := range list {
			group.Go(func() error { return fill(ctx, t) })
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("fill history: %w", err)
		}
	}
	if _, err := pool.Exec(ctx, "checkpoint"); err != nil { // the run does not pay for what was filled
		return fmt.Errorf("fill history: %w", err)
	}
	return nil
}

// table is one that grows with every message, in the schema of a program.
type table struct {
	schema, name string
	keep         int    // days
	columns      string // beside id and at
	values       string // of them; $day is the row's day
}

// The retentions are the defaults of the programs. The emitted events of a row take about 400 bytes.
const (
	month, weekend = 30, 3 // days

	emitted = "emitted"
	events  = "decode(repeat('7b', 400), 'hex')"
)

// tables are those of all programs that keep an inbox.
func tables() []table {
	list := []table{{"auth", "request", month, "digest, first_event, trade_date", "repeat('d', 64), gen_random_uuid(), $day"}}
	for _, p := range programs.Of(func(p programs.Program) bool { return p.Uses(programs.Postgres) }) {
		switch {
		case p.Kind == programs.Gateway:
			list = append(list, table{p.Role, "inbox", weekend, "", ""})
		case p.Name == "failover":
			list = append(list, table{p.Name, "inbox", weekend, emitted, events})
		default:
			list = append(list, table{p.Name, "inbox", month, emitted, events})
		}
	}
	return list
}

// tables are those of the programs that are asked for. A name that is no program's is an error.
func (r Rows) tables() ([]table, error) {
	all := tables()
	if len(r.Of) == 0 {
		return all, nil
	}
	var list []table
	for _, name := range r.Of {
		before := len(list)
		for _, t := range all {
			if t.schema == name {
				list = append(list, t)
			}
		}
		if len(list) == before {
			return nil, fmt.Errorf("fill history: HISTORY_OF names %q, which is no program that keeps an inbox", name)
		}
	}
	return list, nil
}

// there leaves out tables that this core does not have: a new service may keep none.
func (f filler) there(ctx context.Context, all []table) (list []table, err error) {
	for _, t := range all {
		var exists bool
		if err := f.pool.QueryRow(ctx, "select to_regclass($1) is not null", t.whole()).Scan(&exists); err != nil {
			return nil, err
		}
		if exists {
			list = append(list, t)
		}
	}
	return list, nil
}

func (t table) whole() string { return pgx.Identifier{t.schema, t.name}.Sanitize() }

func (t table) part(day event.Day) string {
	return pgx.Identifier{t.schema, t.name + "_" + day.Begin().Format("20060102")}.Sanitize()
}
