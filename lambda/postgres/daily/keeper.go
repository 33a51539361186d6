package daily

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
)

const (
	daysAhead  = 7 // partitions are there before they are needed, also where one cannot be made for some days
	daysBehind = 4 // a story may have begun before a long weekend

	lockBound = 50 * time.Millisecond  // for each lock: others wait behind the one who waits for the table
	workBound = 150 * time.Millisecond // for everything that is done under the lock, waiting included
)

// keeper tends one table over one connection.
type keeper struct {
	Table
	conn *pgxpool.Conn
	now  time.Time
}

// oldest is when the oldest row that is kept was written.
func (k keeper) oldest() time.Time { return k.now.Add(-k.Keep) }

// past tells whether a day ended so long ago that its partition may go.
func (k keeper) past(day event.Day) bool { return !(day + 1).Begin().After(k.oldest()) }

func (k keeper) tend(ctx context.Context, around ...event.Day) error {
	days, err := k.days(ctx)
	if err != nil {
		return err
	}
	for _, today := range around {
		if err := k.addAround(ctx, today, days); err != nil {
			return err
		}
	}
	var errs []error
	for day := range days {
		if k.past(day) {
			errs = append(errs, k.drop(ctx, day))
		}
	}
	return errors.Join(append(errs, k.sweep(ctx), k.forget(ctx))...)
}

// addAround makes the partitions that are missing around a day, and notes them in days.
func (k keeper) addAround(ctx context.Context, today event.Day, days map[event.Day]bool) error {
	for day := today - min(today, daysBehind); day <= today+daysAhead; day++ {
		if days[day] || k.past(day) {
			continue
		}
		if err := k.add(ctx, day); err != nil {
			return err
		}
		days[day] = true
	}
	return nil
}

// days are those that have a partition.
func (k keeper) days(ctx context.Context) (map[event.Day]bool, error) {
	names, err := k.children(ctx, k.whole())
	if err != nil {
		return nil, fmt.Errorf("list days: %w", err)
	}
	days := map[event.Day]bool{}
	for _, name := range names {
		if date, err := time.Parse(layout, strings.TrimPrefix(name, k.Name+"_")); err == nil {
			days[event.DayOf(date)] = true
		}
	}
	return days, nil
}

// children are the names of the tables that belong to a partitioned or an inherited one.
func (k keeper) children(ctx context.Context, parent string) ([]string, error) {
	rows, err := k.conn.Query(ctx, `select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent = $1::regclass order by 1`, parent)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// locked calls one of the owner's functions, which locks the table: while it works, nobody else uses the table. It is one statement
// to the server, so that its timeout bounds all that the function does.
func (k keeper) locked(ctx context.Context, function string, args ...any) error {
	call := k.call(function, args...)
	text := fmt.Sprintf("set local lock_timeout = '%dms'; set local statement_timeout = '%dms'; select %s",
		lockBound.Milliseconds(), workBound.Milliseconds(), call)
	if _, err := k.conn.Exec(ctx, text); err != nil { // without arguments: one round trip, one transaction
		return fmt.Errorf("%s: %w", call, err)
	}
	return nil
}

// ask calls one of the owner's functions that answers a question.
func (k keeper) ask(ctx context.Context, function string, args ...any) (yes bool, err error) {
	call := k.call(function, args...)
	if err := k.conn.QueryRow(ctx, "select "+call).Scan(&yes); err != nil {
		return false, fmt.Errorf("%s: %w", call, err)
	}
	return yes, nil
}

// call writes the call of a function with the table as the first argument. All others are numbers, times, or names of tables.
func (k keeper) call(function string, args ...any) string {
	list := "'" + k.Name + "'"
	for _, arg := range args {
		switch arg := arg.(type) {
		case time.Time:
			list += ", '" + arg.Format(time.RFC3339Nano) + "'"
		case string:
			list += ", '" + arg + "'"
		default:
			list += fmt.Sprintf(", %d", arg)
		}
	}
	return function + "(" + list + ")"
}
