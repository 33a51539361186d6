package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
)

type filler struct {
	pool   *pgxpool.Pool
	rows   int // of each table
	today  event.Day
	expiry time.Duration
}

// kept fills the days that the core keeps, the last of which is yesterday.
func (f filler) kept(ctx context.Context, t table) error {
	for day := f.today - event.Day(t.keep); day < f.today; day++ {
		if err := f.day(ctx, t, day, "$day + random() * interval '1 day'"); err != nil {
			return err
		}
	}
	return nil
}

// oldest fills the day before those.
func (f filler) oldest(ctx context.Context, t table) error {
	at := fmt.Sprintf("now() - interval '%d days' + random() * interval '%d seconds'", t.keep, int(f.expiry.Seconds()))
	return f.day(ctx, t, f.today-event.Day(t.keep)-1, at)
}

// day adds a day's share of the rows, in the day's partition.
func (f filler) day(ctx context.Context, t table, day event.Day, at string) error {
	// It belongs to the owner of the table, who must be able to drop it.
	_, err := f.pool.Exec(ctx, fmt.Sprintf("create table if not exists %s partition of %s for values from ('%s') to ('%s'); "+
		"do $$ begin execute format('alter table %s owner to %%s', (select relowner::regrole from pg_class where oid = '%s'::regclass)); end $$",
		t.part(day), t.whole(), day.FirstID(), (day+1).FirstID(), t.part(day), t.whole()))
	if err != nil {
		return fmt.Errorf("make %s: %w", t.part(day), err)
	}
	columns, values := []string{"id", "at"}, []string{"('$hex' || substr(gen_random_uuid()::text, 5))::uuid", at}
	if t.columns != "" {
		columns, values = append(columns, t.columns), append(values, t.values)
	}
	text := strings.NewReplacer("$day", "date '"+day.Begin().Format(time.DateOnly)+"'", "$hex", day.FirstID()[:4]).Replace(
		fmt.Sprintf("insert into %s (%s) select %s from generate_series(1, %d)",
			t.part(day), strings.Join(columns, ", "), strings.Join(values, ", "), f.rows/(t.keep+1)))
	if _, err = f.pool.Exec(ctx, text); err != nil {
		return fmt.Errorf("fill %s: %w", t.part(day), err)
	}
	if _, err = f.pool.Exec(ctx, "vacuum (analyze) "+t.part(day)); err != nil { // as the server has done by the end of a real day
		return fmt.Errorf("vacuum %s: %w", t.part(day), err)
	}
	return nil
}
