package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// database connects as the administrator.
func (c *core) database(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, c.record.URLs["admin_postgres"])
	if err != nil {
		return nil, fmt.Errorf("connect to Postgres: %w", err)
	}
	return conn, nil
}

func (c *core) execute(ctx context.Context, statement string) error {
	conn, err := c.database(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// revoke takes from a program the right to write into one of its tables. What fails for that reason is handled again once it is mended.
func revoke(program, name string) maker {
	table := pgx.Identifier{program, name}.Sanitize()
	role := pgx.Identifier{program}.Sanitize()
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		mend := func(ctx context.Context) error {
			granted := c.execute(ctx, "grant insert, update on "+table+" to "+role)
			pause(ctx, 5*time.Second) // the last tries that fail
			return errors.Join(granted, c.replay(ctx))
		}
		return mend, c.execute(ctx, "revoke insert, update on "+table+" from "+role)
	}
}

// stallJob takes from a program the right to write into a table of a job, and starts the job.
func stallJob(job, program, name string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		mend, err := revoke(program, name)(ctx, c)
		return mend, errors.Join(err, c.startJob(ctx, job))
	}
}

// lockTable holds a lock on a table in a transaction that does not end.
func lockTable(schema, name string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		conn, err := c.database(ctx)
		if err != nil {
			return nil, err
		}
		mend := func(ctx context.Context) error { return errors.Join(conn.Close(ctx), c.replay(ctx)) }
		_, err = conn.Exec(ctx, "begin; lock table "+pgx.Identifier{schema, name}.Sanitize())
		return mend, err
	}
}

// share is how much of Postgres's connections are taken: more than the alert's 85 %, and not all.
const share = 0.9

// connections opens connections until few are left.
func connections(ctx context.Context, c *core) (func(context.Context) error, error) {
	var held []*pgx.Conn
	mend := func(ctx context.Context) (err error) {
		for _, conn := range held {
			err = errors.Join(err, conn.Close(ctx))
		}
		return err
	}
	first, err := c.database(ctx)
	if err != nil {
		return nil, err
	}
	held = append(held, first)
	var missing int
	const count = "select ($1 * current_setting('max_connections')::float8)::int - count(*) from pg_stat_activity"
	if err := first.QueryRow(ctx, count, share).Scan(&missing); err != nil {
		return mend, fmt.Errorf("count the connections: %w", err)
	}
	for range missing {
		conn, err := c.database(ctx)
		if err != nil {
			return mend, err
		}
		held = append(held, conn)
	}
	return mend, nil
}
